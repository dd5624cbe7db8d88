"""Gives deckle what nobody would give it, and holds it to bounds.

    tests/hostile/run.py DECKLE [--all | NAME…]

DECKLE is the program; with NAMEs only the scenarios whose names hold one of them, with --all those too that take long. A module beside this file lists SCENARIOS:
a name, a function that lays files down in an empty folder, and what is right:

    "arguments"  what deckle is called with; a build of all outputs else. What the function returns goes before it.
    "exit"       the statuses that are right
    "stderr"     words that have to be said
    "absent"     bytes that no output may hold, however they are packed
    "present"    bytes that some output has to hold

Whatever the scenario, deckle ends within 10 s and 400 MB, with a status of its own, says nothing that could be another
line or a colour, leaves no half-written file, changes no file but what it makes, and no page or field that it makes can
run a script of the author's. A module's `check_…` functions look at more than one run; they get the program and a folder.
"""

import importlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

import outputs

MODULES = ("injection", "text", "trees", "packages", "notes")
# What takes more than a second of CPU each, laid down and taken apart: two minutes in all, where the others take half of one.
DEAR = (
    "trees/kill", "trees/100,000 files", "trees/two_at_once", "trees/changing_files", "packages/whole_packages_are_read",
    "packages/three million cards", "packages/ten thousand tables", "packages/three million members", "packages/two million notes",
    "packages/tags without end", "packages/huge fields", "text/text/columns-of-rows", "text/text/lines/definitions",
    "text/text/cells-without-end", "text/text/footnotes", "text/text/columns", "text/text/marks/40", "text/text/marks/38",
    "text/text/marks/26", "text/text/marks/12", "text/text/marks/41", "text/text/math/displayed", "text/text/math/primes",
    "text/text/math/many", "text/text/math/sums", "text/text/tags/in-a-tree-of-sections", "text/text/tags/in-blocks",
    "text/text/code", "text/text/deletions-across", "text/text/tags/table><tr><td",
    "text/text/raised",
)
SECONDS = 10
MEGABYTES = 400
BUILD = ["build", "-f", "apkg,print,book,json"]
# A secret that lies beside each project. No output may hold it.
SECRET = b"the-secret-of-another-folder-5d41402abc4b2a76"


def main(deckle, wanted):
    deckle = Path(deckle).resolve()
    failures, count, slowest = [], 0, (0.0, "")
    started = time.monotonic()
    for name, check in all_checks():
        if not is_wanted(name, wanted):
            continue
        count += 1
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            try:
                apart(check, deckle, Path(folder))
            except AssertionError as fault:
                failures.append(name)
                print(f"FAILED {name}: {fault}", flush=True)
            finally:
                slowest = max(slowest, (time.monotonic() - begun, name))
                unlock(folder)
    print(f"{count} scenarios, {len(failures)} failed, {time.monotonic() - started:.0f} s; "
          f"the longest {slowest[0]:.1f} s ({slowest[1]})")
    return 1 if failures or not count else 0


def is_wanted(name, wanted):
    if wanted == ["--all"]:
        return True
    return any(part in name for part in wanted) if wanted else name not in DEAR


def all_checks():
    """Name and function of each scenario; the function gets the program and an empty folder."""
    for name in MODULES:
        module = importlib.import_module(name)
        for scenario, lay, right in getattr(module, "SCENARIOS", []):
            yield f"{name}/{scenario}", lambda deckle, folder, lay=lay, right=right: run(deckle, folder, lay, right)
        for attribute in sorted(vars(module)):
            if attribute.startswith("check_"):
                yield f"{name}/{attribute[6:]}", getattr(module, attribute)


def run(deckle, folder, lay, right):
    """Lays one scenario down and holds it to what is right."""
    project, home = folder / "project", folder / "home"
    project.mkdir()
    home.mkdir()
    (folder / "secret.png").write_bytes(SECRET)
    given = apart(lay, project) or []
    arguments = [*given] if given else right.get("arguments", BUILD)
    before = state(folder)
    ended = call(deckle, arguments, project, home)
    told = ended.stderr + ended.stdout
    assert ended.status in right.get("exit", {0, 1}), f"ended with {ended.status}: {tail(told)}"
    for words in right.get("stderr", ()):
        assert words in told, f"does not say {words!r}: {tail(told)}"
    assert_clean(told)
    assert_untouched(before, state(folder), project)
    apart(assert_outputs, project / "dist", right)


def apart(function, *arguments):
    """Calls a function in a process of its own, and gives what it gives, as JSON has it. What this process holds counts
    into what Linux says that its children take."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = {"given": function(*arguments)}
        except AssertionError as fault:
            answer = {"fault": str(fault)}
        except BaseException:
            answer = {"fault": traceback.format_exc()}
        with os.fdopen(writer, "w") as pipe:
            json.dump(answer, pipe, default=str)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = json.load(pipe)
    os.waitpid(child, 0)
    assert "fault" not in answer, answer["fault"]
    return answer["given"]


class Ended:
    """How a run of deckle ended."""

    def __init__(self, status, stdout, stderr):
        self.status, self.stdout, self.stderr = status, stdout, stderr


def call(deckle, arguments, cwd, home, seconds=SECONDS, megabytes=MEGABYTES):
    """Runs deckle and holds it to its bounds."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SOURCE_DATE_EPOCH": "1700000000"}
    out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    # What waits for its input is not to wait for the terminal's.
    child = subprocess.Popen([deckle, *arguments], cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
    timer = threading.Timer(seconds, child.kill)
    timer.start()
    _, status, usage = os.wait4(child.pid, 0)
    timer.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    texts = []
    for file in (out, err):
        file.seek(0)
        texts.append(file.read().decode("utf-8", "backslashreplace"))
        file.close()
    ended = Ended(child.returncode, *texts)
    assert ended.status != -signal.SIGKILL, f"did not end within {seconds} s: {tail(ended.stderr)}"
    assert ended.status in (0, 1, 2, 3), f"died of {ended.status}: {tail(ended.stderr)}"
    assert "panicked" not in ended.stderr, tail(ended.stderr)
    used = usage.ru_maxrss // 1024
    assert used < megabytes, f"took {used} MB"
    return ended


def tail(text):
    return repr(text[-600:])


def assert_clean(told):
    """Holds that nothing told can be another line or a colour: no control or bidi character but the line's end."""
    found = re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", told)
    assert not found, f"tells {found.group()!r} in {told[max(0, found.start() - 80):found.end() + 80]!r}"


def state(folder):
    """Every file, link and folder with what it holds; what cannot be read as nothing."""
    found = {}
    for parent, folders, files in os.walk(os.fsencode(folder)):
        for name in folders + files:
            path = os.path.join(parent, name)
            if os.path.islink(path):
                found[path] = os.readlink(path)
            elif os.path.isfile(path):
                try:
                    data = os.stat(path)
                    found[path] = (data.st_size, data.st_mtime_ns)
                except OSError:
                    found[path] = None
            else:
                found[path] = None
    return found


def assert_untouched(before, after, project):
    """Holds that nothing is made or changed but `dist` and the lock, and that no temporary file is left."""
    ours = [os.fsencode(project / name) for name in ("dist", "deckle.lock")]
    for path in before.keys() | after.keys():
        if any(path == own or path.startswith(own + b"/") for own in ours):
            name = os.path.basename(path)
            made = path in after and path not in before
            assert not (made and re.fullmatch(rb"\.deckle-\w{12}\.tmp", name)), f"left {path!r}"
        else:
            assert before.get(path, 0) == after.get(path, 0), f"changed {path!r}"


def assert_outputs(dist, right):
    """Holds that the outputs can do no harm and hold what is right."""
    absent = [SECRET, *right.get("absent", ())]
    missing = set(right.get("present", ()))
    for name, data in outputs.decoded(dist):
        for words in absent:
            assert words not in data, f"{name} holds {words!r}"
        missing -= {words for words in missing if words in data}
        for fault in outputs.dangers(name, data):
            raise AssertionError(f"{name}: {fault}")
    assert not missing, f"no output holds {missing}"


def unlock(folder):
    """Makes what a scenario locked removable."""
    for parent, folders, _ in os.walk(folder):
        for name in folders:
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                os.chmod(path, 0o700)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
