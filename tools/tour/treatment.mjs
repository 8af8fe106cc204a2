// The practitioner: screen, decide, clear, inject, sign.
import { chapter, note } from './service.mjs';

const PLAN = [
  { area: 'glabella', product: 'ona', units: 20 },
  { area: 'forehead', product: 'ona', units: 20 },
  { area: 'lateral_canthal', product: 'ona', units: 24 },
];

/** Points on the face map (0 to 1 from the top left), four units each. */
const POINTS = {
  glabella: [
    ['midline', 'procerus', 0.5, 0.36],
    ['left', 'corrugator supercilii', 0.46, 0.34],
    ['left', 'corrugator supercilii', 0.43, 0.33],
    ['right', 'corrugator supercilii', 0.54, 0.34],
    ['right', 'corrugator supercilii', 0.57, 0.33],
  ],
  forehead: [
    ['midline', 'frontalis', 0.5, 0.22],
    ['left', 'frontalis', 0.42, 0.22],
    ['left', 'frontalis', 0.35, 0.24],
    ['right', 'frontalis', 0.58, 0.22],
    ['right', 'frontalis', 0.65, 0.24],
  ],
  lateral_canthal: [
    ['left', 'orbicularis oculi (lateral)', 0.25, 0.4],
    ['left', 'orbicularis oculi (lateral)', 0.24, 0.43],
    ['left', 'orbicularis oculi (lateral)', 0.25, 0.46],
    ['right', 'orbicularis oculi (lateral)', 0.75, 0.4],
    ['right', 'orbicularis oculi (lateral)', 0.76, 0.43],
    ['right', 'orbicularis oculi (lateral)', 0.75, 0.46],
  ],
};

export async function playTreatment({ doctor }, visit) {
  chapter('The practitioner');
  await arrive(doctor, visit);
  const clearanceId = await consult(doctor, visit);
  const { items: lots } = await doctor.get(
    `lots?product=ona&usableOn=${visit.today}&limit=3`,
    'which lots may be used today?',
  );
  note(lots.map((lot) => `${lot.number}, expires ${lot.expiresOn}`).join('\n'));
  const place = { patientId: visit.patient.id, locationId: visit.location.id, clearanceId, kind: 'full' };
  const draft = await doctor.post(
    'treatments',
    visit.appointment ? { ...place, appointmentId: visit.appointment.id } : place,
    'begins to chart',
  );
  const injections = Object.entries(POINTS).flatMap(([area, points]) =>
    points.map(([side, muscle, x, y]) => ({
      area,
      side,
      muscle,
      x,
      y,
      product: 'ona',
      lotId: lots[0].id,
      units: 4,
    })),
  );
  const forgotten = injections.filter(({ area }) => area === 'forehead');
  const guarded = await doctor.put(
    `treatments/${draft.id}/injections`,
    { injections: forgotten },
    'the forehead alone',
  );
  note(
    guarded.doseFindings
      .map(({ flag, severity, sources }) => `${severity}: ${flag}  [${sources}]`)
      .join('\n'),
  );
  const charted = await doctor.put(
    `treatments/${draft.id}/injections`,
    { injections },
    'all sixteen points of the plan',
  );
  note(
    charted.totals
      .map((one) => `${one.area.padEnd(16)} ${one.points} points  ${one.units} U  ${one.volumeMl} mL`)
      .join('\n'),
  );
  note(
    charted.doseFindings.length === 0 ? 'nothing to find fault with' : JSON.stringify(charted.doseFindings),
  );
  const signed = await doctor.post(
    `treatments/${draft.id}/sign`,
    { meaning: 'I gave this treatment as recorded' },
    'signs',
  );
  note(`${signed.status} by ${signed.signature.name}, sha-256 ${signed.signature.contentHash.slice(0, 16)}…`);
  const late = await doctor.send(
    'PUT',
    `treatments/${draft.id}/injections`,
    { injections: [] },
    'wants to change it',
    [409],
  );
  note(`${late.code}: ${late.title}`);
}

async function arrive(doctor, { appointment }) {
  if (!appointment)
    return note('\nThe clinic is closed for today, so she is seen as a walk-in and keeps her booking.');
  const arrived = await doctor.post(`appointments/${appointment.id}/check-in`, {}, 'she is here');
  note(arrived.status);
  const started = await doctor.post(`appointments/${appointment.id}/start`, {}, 'and in the room');
  note(started.status);
}

async function consult(doctor, { patient, location, appointment }) {
  const begun = await doctor.post(
    'consultations',
    {
      patientId: patient.id,
      locationId: location.id,
      plan: PLAN,
      ...(appointment ? { appointmentId: appointment.id } : {}),
    },
    'plans frown lines, forehead and crow’s feet',
  );
  note(`${begun.unanswered.length} questions to ask, because a rule of this market depends on each`);
  const { questions } = await doctor.get('screening-questionnaire', 'the questionnaire');
  const answers = questions.map(({ id, answers: [first] }) => ({
    questionId: id,
    value: id === 'dry_eye' ? 'yes' : first,
  }));
  const path = `consultations/${begun.id}`;
  const screened = await doctor.put(`${path}/answers`, { answers }, 'everything is well, but for dry eyes');
  note(
    screened.findings
      .map(({ severity, ruleCode, text, sources }) => `${severity}: ${ruleCode} ${text} [${sources}]`)
      .join('\n'),
  );
  const early = await doctor.send('POST', `${path}/clear`, {}, 'wants to clear her right away', [422]);
  note(`${early.code}: ${early.title}`);
  for (const { key, severity } of screened.findings) {
    await doctor.post(
      `${path}/findings/${encodeURIComponent(key)}/decide`,
      {
        decision: severity === 'acknowledge' ? 'acknowledged' : 'proceed',
        reason: 'Mild; lubricating drops advised',
      },
      `decides on it, with a reason`,
    );
  }
  const consent = {
    kind: 'treatment',
    textVersion: '2026-10',
    text: 'I was told of risks, alternatives and of doing nothing, and I agree.',
    signedName: `${patient.givenName} ${patient.familyName}`,
  };
  await doctor.post(`${path}/consents`, consent, 'she signs the consent');
  const { clearance } = await doctor.post(`${path}/clear`, {}, 'clears her');
  note(`${clearance.outcome}, until ${clearance.expiresOn}; seen in person on ${clearance.faceToFaceOn}`);
  return clearance.id;
}
