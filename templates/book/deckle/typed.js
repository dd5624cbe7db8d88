// Compares what was typed with what is right. Knows no cards.

// What was typed above what is right, each with what the other one lacks marked.
function comparison(typed, expected) {
  const [given, right] = [typed, expected].map((text) => text.normalize("NFC").trim().replace(/\s+/g, " "));
  const line = (label, text, other, wrong) =>
    make("p", {}, make("small", {}, label), make("code", {}, ...marked([...text], [...other], wrong)));
  return make(
    "div",
    { className: `compared ${given === right ? "right" : "wrong"}` },
    line("You typed", given, right, "typed-bad"),
    line("Right is", right, given || right, "typed-missed"),
  );
}

// The characters of `text`; those outside its longest common subsequence with `other` are `wrong`.
function marked(text, other, wrong) {
  const common = [...text, 0].map(() => new Uint16Array(other.length + 1));
  for (let i = text.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      common[i][j] = text[i] === other[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  let j = 0;
  return text.map((character, i) => {
    while (character !== other[j] && common[i][j + 1] > common[i + 1][j]) j += 1;
    const isSame = character === other[j];
    if (isSame) j += 1;
    return make("span", { className: isSame ? "typed-good" : wrong }, character);
  });
}
