// The windows of a patient as a line of text each: · too early, ░ permitted, █ recommended, ▓ past due, T target.
const WIDTH = 72;
const day = (date) => Math.round(Date.parse(date) / 86_400_000);

/** @param {{ area: string, areaName: string, lastFullTreatment: any, earliest: string|null, recommendedFrom: string|null, target: string|null, recommendedTo: string|null, lapsedAfter: string|null }[]} areas */
export function timeline(areas) {
  const dated = areas.filter(({ earliest, lapsedAfter }) => earliest !== null && lapsedAfter !== null);
  if (dated.length === 0) return '(no dates: the protocol lacks a figure)';
  const start = Math.min(...dated.map((one) => treatedDay(one)));
  const end = Math.max(...dated.map(({ lapsedAfter }) => day(lapsedAfter)));
  const column = (epochDay) => Math.round(((epochDay - start) / (end - start)) * (WIDTH - 1));
  const rows = dated.map((one) => `${one.area.padEnd(16)} ${bar(one, column)}  ${dates(one)}`);
  return [`${' '.repeat(17)}${months(start, end, column)}`, ...rows, legend].join('\n');
}

const legend = `${' '.repeat(17)}· too early  ░ permitted  █ recommended  T target  ▓ past due, lapsed after the end`;

const treatedDay = ({ lastFullTreatment, earliest }) =>
  day(lastFullTreatment?.treatedOn ?? (typeof lastFullTreatment === 'string' ? lastFullTreatment : earliest));

function bar(one, column) {
  const cells = Array.from({ length: WIDTH }, () => ' ');
  const fill = (from, to, mark) => {
    for (let i = column(from); i <= column(to); i += 1) cells[i] = mark;
  };
  fill(treatedDay(one), day(one.earliest), '·');
  fill(day(one.earliest), day(one.recommendedFrom), '░');
  fill(day(one.recommendedTo), day(one.lapsedAfter), '▓');
  fill(day(one.recommendedFrom), day(one.recommendedTo), '█');
  cells[column(day(one.target))] = 'T';
  return cells.join('');
}

const dates = ({ earliest, target, recommendedTo }) =>
  `not before ${earliest}, target ${target}, by ${recommendedTo}`;

function months(start, end, column) {
  const line = Array.from({ length: WIDTH + 4 }, () => ' ');
  const first = new Date(start * 86_400_000);
  for (let month = 1; ; month += 1) {
    const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1);
    if (at / 86_400_000 > end) return line.join('').trimEnd();
    const name = new Date(at).toLocaleString('en', { month: 'short', timeZone: 'UTC' });
    [...name].forEach((letter, i) => (line[column(at / 86_400_000) + i] = letter));
  }
}
