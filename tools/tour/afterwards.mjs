// What signing set in motion, the calculator, whom to call, and the admin's figures.
import { chapter, note } from './service.mjs';
import { timeline } from './timeline.mjs';

const percent = (p) => (p === null ? '   –  ' : `${(p * 100).toFixed(1).padStart(5)} %`);

export async function playAfterwards({ desk, admin }, visit) {
  chapter('When should she come back, and why?');
  const { areas, protocolVersion } = await desk.get(
    `patients/${visit.patient.id}/repeat-visits`,
    'one window an area, made in the transaction that signed',
  );
  note(`by ${protocolVersion}\n${timeline(areas)}`);
  const [first] = areas;
  note(`\nWhy not before ${first.earliest}?`);
  note(explain(first.explanation.earliest));
  note(`Why ${first.target}?`);
  note(explain(first.explanation.target));
  note(`For her: “${first.areaName}: ${first.summary}”`);
  const { items } = await desk.get(`patients/${visit.patient.id}/follow-ups`, 'and the review');
  note(items.map((one) => `${one.kind.padEnd(20)} ${one.dueFrom} – ${one.dueTo}  ${one.status}`).join('\n'));

  const asked = {
    market: 'UK',
    assessedOn: '2026-05-01',
    doses: [{ treatedOn: '2026-01-31', product: 'ona', area: 'glabella', kind: 'full' }],
  };
  const answer = await desk.post(
    'repeat-visits/forecast',
    asked,
    'the calculator, without a patient: 31 January + 3 months',
  );
  const [area] = answer.areas;
  note(
    `${area.state}: not before ${area.earliest} (30 April would be early), target ${area.target}, by ${area.recommendedTo}`,
  );

  chapter('Whom to call');
  const due = await desk.get('repeat-visits/due?limit=8', 'patients past due, due and lapsed, nearest first');
  note(due.items.map(dueLine).join('\n'));

  chapter('The admin: do patients come back?');
  const report = await admin.get(
    'reports/return-rate?scope=any-area',
    'return probability, overall and by month of treatment',
  );
  const { overall } = report;
  note(
    `asOf ${report.asOf}: ${overall.treatments} treatments of ${overall.patients} patients, ${overall.returned} returns, ${overall.open} still open`,
  );
  note('within      Kaplan–Meier (95 % limits)          at risk   matured only (Wilson)');
  note(overall.horizons.map(horizonLine).join('\n'));
  const { median } = overall;
  note(`median ${median.days} days (${median.lower} to ${median.upper})`);
  note(`\n${overall.horizons[0].probability.definition}`);
  note(
    `\nmonth      n   ${overall.horizons.map(({ days }) => `≤ ${days} d`.padStart(8)).join('')}     (… still open)`,
  );
  note(report.cohorts.map(cohortLine).join('\n'));
  console.log(
    '\nThat was a first visit, from the call to the return rate. Run it again: each time a new patient.\n',
  );
}

const explain = ({ candidates }) =>
  candidates
    .map((one) => `  ${one.wins ? '→' : ' '} ${one.result}  ${reckoned(one)}  ${one.ruleId} [${one.sources}]`)
    .join('\n');

const reckoned = ({ base, offsets }) =>
  offsets.length === 0
    ? `no earlier than ${base.date}`
    : `${offsets.map(({ n, unit }) => `${n} ${unit}${n === 1 ? '' : 's'}`).join(' ')} after ${base.treatedOn}`;

const dueLine = ({ number, givenName, familyName, state, areas }) =>
  `no. ${String(number).padEnd(5)} ${`${givenName} ${familyName}`.padEnd(26)} ${state.padEnd(9)} ${areas
    .map((one) => `${one.area} ${one.recommendedTo ? `by ${one.recommendedTo}` : ''}`)
    .join(', ')}`;

function horizonLine({ days, probability: p, maturedOnly: m }) {
  const km = `${percent(p.probability)} (${percent(p.lower)} – ${percent(p.upper)})`;
  const matured = m.proportion;
  return `${String(days).padStart(3)} days   ${km}   ${String(p.nAtRisk ?? '–').padStart(6)}    ${m.numerator}/${m.denominator} = ${percent(matured)} (${percent(m.lower)} – ${percent(m.upper)})`;
}

const cohortLine = ({ cohort, suppressed, figures, cells }) =>
  suppressed
    ? `${cohort}   –   too few patients to be told, or one could subtract`
    : `${cohort}  ${String(figures.treatments).padStart(3)}   ${cells
        .map(({ returned, complete }) => `${returned}${complete ? '' : '…'}`.padStart(8))
        .join('')}`;
