#!/usr/bin/env bash
# A page reaches the network past Chromium's proxy and its rules for names, by WebRTC; the switch that is known to forbid it does nothing.
#
# One would guess: with `--proxy-server` that leads nowhere, also for this machine, and with `--host-resolver-rules="MAP * ~NOTFOUND"`
# nothing leaves the browser; and `--force-webrtc-ip-handling-policy=disable_non_proxied_udp` stops WebRTC, which needs no proxy.
# Seen: images, fetch, beacons and WebSockets reach nobody, but a STUN request arrives by UDP, with that switch as without it. The one
# that is heeded is called `--webrtc-ip-handling-policy`. A policy of the page (`webrtc 'block'`) changes nothing either.
# Why it matters here: deckle promises that the browser which prints asks no network, even for authors who are trusted with scripts.
#
# Needs Chromium and python3. Prints what was seen; fails where Chromium does otherwise.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
"${CHROMIUM:-chromium}" --version 2>/dev/null
python3 - "$folder" "${CHROMIUM:-chromium}" <<'PYTHON' | tee "$folder/seen"
import os
import pathlib
import socket
import subprocess
import sys
import threading

folder, browser = pathlib.Path(sys.argv[1]), sys.argv[2]
PAGE = """<!doctype html><title>x</title>{policy}<img src="http://127.0.0.1:{tcp}/">
<script>
fetch("http://127.0.0.1:{tcp}/").catch(() => 0)
navigator.sendBeacon("http://127.0.0.1:{tcp}/", "x")
new WebSocket("ws://127.0.0.1:{tcp}/")
const peer = new RTCPeerConnection({{ iceServers: [{{ urls: "stun:127.0.0.1:{udp}" }}] }})
peer.createDataChannel("x")
peer.createOffer().then((offer) => peer.setLocalDescription(offer))
</script>"""
QUIET = ["--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=socks5://127.0.0.1:9", "--proxy-bypass-list=<-loopback>"]
POLICY = "webrtc-ip-handling-policy=disable_non_proxied_udp"


def listen(server, connections):
    while True:
        connection, _ = server.accept()
        connections.append(1)
        threading.Thread(target=connection.recv, args=(1000,), daemon=True).start()


def asked(switches, policy=""):
    """Whether anybody was asked by TCP, and by UDP."""
    connections = []
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(0.5)
        threading.Thread(target=listen, args=(tcp, connections), daemon=True).start()
        (folder / "page.html").write_text(PAGE.format(policy=policy, tcp=tcp.getsockname()[1], udp=udp.getsockname()[1]))
        command = [browser, "--headless=new", "--disable-gpu", f"--user-data-dir={folder}/profile", "--timeout=3000", f"--print-to-pdf={folder}/x.pdf"]
        command += ["--no-sandbox"] * (os.getuid() == 0) + switches + [f"file://{folder}/page.html"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        try:
            by_udp = bool(udp.recv(100))
        except TimeoutError:
            by_udp = False
        return " and ".join(["TCP"] * bool(connections) + ["UDP"] * by_udp) or "nobody"


print("no switch:", asked([]))
print("proxy and names:", asked(QUIET))
print(f"--force-{POLICY}:", asked([*QUIET, f"--force-{POLICY}"]))
print("the page's policy:", asked(QUIET, """<meta http-equiv="Content-Security-Policy" content="webrtc 'block'">"""))
print(f"--{POLICY}:", asked([*QUIET, f"--{POLICY}"]))
PYTHON
diff "$folder/seen" - <<'SEEN' || { echo "Chromium does otherwise now: the finding is out of date" >&2; exit 1; }
no switch: TCP and UDP
proxy and names: UDP
--force-webrtc-ip-handling-policy=disable_non_proxied_udp: UDP
the page's policy: UDP
--webrtc-ip-handling-policy=disable_non_proxied_udp: nobody
SEEN
echo "as found"
