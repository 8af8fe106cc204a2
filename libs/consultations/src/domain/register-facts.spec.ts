import { calendarDate } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import { registerAnswers } from './register-facts.js';
import { assertAnswer } from './screening.js';

const today = calendarDate('2026-03-02');
const fact = (kind: string, text: string, code: string | null = null) => ({ kind, text, code });

describe('what the register says to the screening', () => {
  it.each([
    ['allergy', 'Cow’s milk protein', null, 'cow_milk_allergy'],
    ['allergy', 'see letter', 'Z91.011', 'cow_milk_allergy'],
    ['allergy', 'Human albumin', null, 'albumin'],
    ['condition', 'Myasthenia gravis', null, 'neuromuscular_disease'],
    ['condition', 'see letter', 'G70.00', 'neuromuscular_disease'],
    ['condition', 'Amyotrophic lateral sclerosis', null, 'als'],
    ['medication', 'Apixaban 5 mg', null, 'bleeding'],
    ['medication', 'Gentamicin', null, 'aminoglycosides'],
  ])('hears %s %j (%s)', (kind, text, code, questionId) => {
    const answers = registerAnswers([fact(kind, text, code)], [], today);
    expect(answers).toMatchObject([{ questionId, answeredOn: today, register: text }]);
    for (const answer of answers) assertAnswer(answer);
  });

  it.each([
    ['condition', 'Lactose intolerance'],
    ['medication', 'Milk of magnesia'],
    ['allergy', 'Peanuts'],
  ])('hears nothing in %s %j', (kind, text) => {
    expect(registerAnswers([fact(kind, text)], [], today)).toEqual([]);
  });

  it('tells the newest toxin from elsewhere, and none of later days', () => {
    const on = (day: string) => ({ givenOn: calendarDate(day), indication: 'migraine' });
    expect(registerAnswers([], [on('2026-01-10'), on('2025-06-01'), on('2026-04-01')], today)).toMatchObject([
      { questionId: 'other_toxin', value: 'yes', lastOn: '2026-01-10', register: 'migraine' },
    ]);
    expect(registerAnswers([], [], today)).toEqual([]);
  });
});
