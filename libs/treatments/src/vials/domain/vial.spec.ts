import { productOf, seedCatalogue, type Market } from '#catalogue';
import { describe, expect, it } from '@jest/globals';
import { calendarDate } from '#kernel';
import * as fc from 'fast-check';

import { assertReconstitution, unitsPerTenthMl, useByOf, type Reconstitution } from './reconstitution.js';
import { isSinglePatient } from './single-patient.js';
import { assertChartable, assertDrawable, claimed, freeIn, leftIn, type Claim, type Vial } from './vial.js';
import * as refused from '../../domain/vials.errors.js';

const catalogue = seedCatalogue();
const product = (id: string) => productOf(catalogue, id);
const at = new Date('2026-03-02T12:00:00Z');
const later = (hours: number) => new Date(at.getTime() + hours * 3_600_000);
const vial = (over: Partial<Vial> = {}): Vial => ({
  id: 'v',
  status: 'open',
  content: 100_00,
  drawn: 0,
  wasted: 0,
  useBy: later(24),
  singlePatient: false,
  patientId: null,
  ...over,
});
const draw = (units: number, patientId = 'zoe') => ({ patientId, hundredths: Math.round(units * 100) });

describe('a vial', () => {
  it('gives what is left and what no draft has charted, and not a hundredth more', () => {
    const half = vial({ drawn: 40_00, wasted: 10_00 });
    const claims = [{ patientId: 'ann', hundredths: 20_00 }];
    expect(freeIn(half, claims)).toBe(30_00);
    expect(() => assertDrawable(half, draw(30), claims, at)).not.toThrow();
    expect(() => assertDrawable(half, draw(30.01), claims, at)).toThrow(refused.VialOverdrawn);
    expect(() => assertDrawable(half, draw(50.01), [], at)).toThrow(
      expect.objectContaining({ facts: { vialId: 'v', asked: 50.01, left: 50, charted: 0 } }),
    );
  });

  it.each(['sealed', 'discarded'] as const)('gives nothing while %s', (status) => {
    expect(() => assertDrawable(vial({ status }), draw(1), [], at)).toThrow(refused.VialStatusRefused);
  });

  it('gives nothing after its use-by, to the millisecond', () => {
    expect(() => assertDrawable(vial(), draw(1), [], later(24))).not.toThrow();
    const over = new Date(later(24).getTime() + 1);
    expect(() => assertDrawable(vial(), draw(1), [], over)).toThrow(refused.VialPastUseBy);
  });

  it('is for one patient where the label says so', () => {
    const annes = vial({ singlePatient: true, patientId: 'ann' });
    expect(() => assertDrawable(annes, draw(1), [], at)).toThrow(refused.VialOfOtherPatient);
    expect(() => assertDrawable(annes, draw(1, 'ann'), [], at)).not.toThrow();
    const nobodys = vial({ singlePatient: true });
    expect(() => assertDrawable(nobodys, draw(1), [], at)).not.toThrow();
    const charted = [{ patientId: 'ann', hundredths: 1 }];
    expect(() => assertDrawable(nobodys, draw(1), charted, at)).toThrow(refused.VialOfOtherPatient);
    expect(() => assertDrawable(vial({ patientId: 'ann' }), draw(1), charted, at)).not.toThrow();
  });

  it('keeps what a draft charted in time, even past the use-by or thrown away, but gives no more', () => {
    const gone = vial({ status: 'discarded', wasted: 80_00 });
    expect(() => assertChartable(gone, draw(20), 20_00, [], later(30))).not.toThrow();
    expect(() => assertChartable(gone, draw(20.01), 20_00, [], at)).toThrow(refused.VialStatusRefused);
    expect(() => assertChartable(vial(), draw(20.01), 20_00, [], later(30))).toThrow(refused.VialPastUseBy);
  });

  it('always has drawn, wasted and left as its content, whatever is asked of it', () => {
    const asked = fc.array(
      fc.record({
        kind: fc.constantFrom('draw', 'waste', 'claim', 'discard', 'take-back'),
        hundredths: fc.integer({ min: 1, max: 60_00 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500_00 }), asked, (content, steps) => {
        const now = { ...vial({ content }) };
        const claims: Claim[] = [];
        const draws: number[] = [];
        for (const { kind, hundredths } of steps) {
          const fits = hundredths <= freeIn(now, claims);
          const asking = () => assertDrawable(now, { patientId: 'zoe', hundredths }, claims, at);
          if (kind === 'take-back') now.drawn -= draws.pop() ?? 0;
          else if (kind === 'discard') now.wasted += freeIn(now, claims);
          else if (!fits) expect(asking).toThrow(refused.VialOverdrawn);
          else if (kind === 'claim') claims.push({ patientId: 'zoe', hundredths });
          else {
            asking();
            if (kind === 'draw') draws.push(hundredths);
            now[kind === 'draw' ? 'drawn' : 'wasted'] += hundredths;
          }
          expect(now.drawn + now.wasted + leftIn(now)).toBe(content);
          expect(leftIn(now)).toBeGreaterThanOrEqual(claimed(claims));
        }
      }),
    );
  });
});

describe('making a vial up', () => {
  const made = (over: Partial<Reconstitution> = {}): Reconstitution => ({
    diluent: 'sodium-chloride-0.9',
    ml: 2.5,
    diluentLot: null,
    reason: null,
    ...over,
  });
  const check = (id: string, units: number, market: Market, how: Reconstitution | null) => () =>
    assertReconstitution(product(id), units, market, how);

  it.each([
    ['ona', 100, 2.5, 4],
    ['ona', 50, 1.25, 4],
    ['daxi', 100, 1.2, 8.3333],
    ['abo', 300, 1.5, 20],
    ['abo', 300, 2.5, 12],
    ['abo', 125, 0.63, 19.8413],
    ['rela', 150, 1.5, 10],
    ['abo_rtu', 125, 0.625, 20],
  ])('of %s %p U in %p mL has %p U in 0.1 mL', (_, units, ml, expected) => {
    expect(unitsPerTenthMl(units, ml)).toBe(expected);
  });

  it('takes the volumes of the label of the market, and others with a reason', () => {
    expect(check('ona', 100, 'US', made())).not.toThrow();
    expect(check('ona', 100, 'US', made({ ml: 4 }))).toThrow(refused.DilutionOutsideLabel);
    expect(check('ona', 100, 'US', made({ ml: 4, reason: 'Wider spread wanted' }))).not.toThrow();
    expect(check('abo', 300, 'US', made({ ml: 1.5 }))).not.toThrow();
    expect(check('abo', 300, 'UK', made({ ml: 1.5 }))).toThrow(refused.DilutionOutsideLabel);
  });

  it('wants a reason for preserved saline', () => {
    const diluent = 'sodium-chloride-0.9-bacteriostatic';
    expect(check('ona', 100, 'US', made({ diluent }))).toThrow(refused.DilutionOutsideLabel);
    expect(check('ona', 100, 'US', made({ diluent, reason: 'Less painful' }))).not.toThrow();
  });

  it('leaves what is ready to use alone, and no powder dry', () => {
    expect(check('rela', 150, 'UK', null)).not.toThrow();
    expect(check('rela', 150, 'UK', made())).toThrow(refused.NoReconstitution);
    expect(check('ona', 100, 'UK', null)).toThrow(refused.ReconstitutionMissing);
  });
});

describe('the use-by of an opened vial', () => {
  const far = calendarDate('2028-01-01');
  const useBy = (id: string, opened: Date, expiresOn = far, zone = 'Europe/London') =>
    useByOf(product(id).inUse, opened, expiresOn, zone).toISOString();

  it('is 24 hours for most and 72 for Daxxify', () => {
    expect(useBy('ona', at)).toBe('2026-03-03T12:00:00.000Z');
    expect(useBy('daxi', at)).toBe('2026-03-05T12:00:00.000Z');
  });

  it('is hours that pass, also where the clocks change', () => {
    expect(useBy('ona', new Date('2026-03-28T12:00:00Z'))).toBe('2026-03-29T12:00:00.000Z');
  });

  it('is the end of the session’s day for a single session', () => {
    expect(useBy('rela', at)).toBe('2026-03-03T00:00:00.000Z');
    expect(useBy('rela', new Date('2026-06-30T23:30:00Z'))).toBe('2026-07-01T23:00:00.000Z');
  });

  it('never lies after the last day of the lot', () => {
    expect(useBy('daxi', at, calendarDate('2026-03-03'))).toBe('2026-03-04T00:00:00.000Z');
  });
});

it.each([
  ['abo', 'UK', true],
  ['abo', 'US', false],
  ['prabo', 'US', true],
  ['inco', 'EU', true],
  ['rela', 'CH', true],
  ['ona', 'UK', false],
] as const)('a vial of %s in the %s is for one patient: %p', (id, market, expected) => {
  expect(isSinglePatient(id, market)).toBe(expected);
});
