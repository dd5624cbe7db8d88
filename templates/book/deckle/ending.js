// What a sitting came to, and what lies ahead. Knows records and cards, and asks nothing of either.

// Days that are drawn, and the size of the drawing: of a bar, and of its highest.
const DAYS = 30;
const [WIDE, HIGH] = [12, 90];

// `past`: the reviews of a sitting, in their order.
function ending(past, { next, chart }) {
  const missed = new Map(past.filter(({ grade }) => grade === 1).map(({ card }) => [card.key, card]));
  const cards = new Set(past.map(({ card }) => card.key)).size;
  const text = `All done: ${count(past.length, "review")} of ${count(cards, "card")}.`;
  const parts = [make("h2", {}, text), make("p", { className: "coming" }, next)];
  if (missed.size) {
    parts.push(make("h3", {}, `Missed: ${missed.size}`), make("ul", { className: "missed" }, ...[...missed.values()].map(miss)));
  }
  if (chart) parts.push(make("h3", {}, "Forecast"), chart);
  return { text, parts };
}

function miss(card) {
  const { question, answer } = facesOf(card);
  const words = question.textContent.replace(/\s+/g, " ").trim();
  const summary = make("summary", {}, [...words].slice(0, 120).join("") || "Without words");
  return make("li", {}, make("details", {}, summary, answer));
}

// When the next cards are due, of those that are not yet.
function nextDue(records) {
  const evening = endOfDay(timeNow());
  const days = records.filter(Boolean).map(({ due }) => Math.floor((due - evening) / DAY));
  const next = Math.min(...days.filter((day) => day >= 0));
  if (!days.length || next === Infinity) return "";
  const number = days.filter((day) => day === next).length;
  return `Next: ${count(number, "card")} ${next ? `in ${next + 1} days` : "tomorrow"}.`;
}

// The reviews of each coming day as bars; null where there are none.
function forecast(records) {
  const evening = endOfDay(timeNow());
  const days = new Array(DAYS).fill(0);
  for (const record of records) {
    const day = record && Math.max(Math.floor((record.due - evening) / DAY) + 1, 0);
    if (day in days) days[day] += 1;
  }
  const most = Math.max(...days);
  return most ? drawn(days, most) : null;
}

function drawn(days, most) {
  const name = (day) => (day > 1 ? `in ${day} days` : ["today", "tomorrow"][day]);
  const bars = days.map((number, day) => {
    const height = number && Math.max((number / most) * HIGH, 2);
    const place = `x="${day * WIDE + 1}" y="${HIGH - height + 14}" width="${WIDE - 2}" height="${height}"`;
    return `<rect ${place}><title>${count(number, "review")} ${name(day)}</title></rect>`;
  });
  const ticks = [0, 7, 14, 21, 28].map(
    (day) => `<text x="${(day + 0.5) * WIDE}" y="${HIGH + 30}">${day ? `${day} d` : "today"}</text>`,
  );
  const sum = days.reduce((one, other) => one + other);
  const label = `${count(sum, "review")} in ${DAYS} days, ${days[0]} today, ${days[1]} tomorrow; ${most} on the fullest day`;
  const figure = make("figure", { className: "forecast" });
  figure.innerHTML = `<svg viewBox="-16 0 ${DAYS * WIDE + 24} ${HIGH + 36}" role="img" aria-label="${label}">
    ${bars.join("")}<path d="M0 ${HIGH + 14.5}h${DAYS * WIDE}"/>${ticks.join("")}</svg>`;
  figure.append(make("figcaption", {}, `${label}.`));
  return figure;
}
