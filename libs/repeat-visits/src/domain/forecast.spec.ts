import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { calendarDate, type CalendarDate, daysBetween } from '#kernel';
import { type Market, type ProtocolFigures, readCatalogue, UnknownProduct } from '#catalogue';
import { DATE_NAMES, type DateName } from './explanation.js';
import { type AreaForecast, forecast } from './forecast.js';
import type { Dose } from './history.js';
import { catalogueProtocol, type Protocol } from './protocol.js';
import { AssessedBeforeTreatment } from './repeat-visits.errors.js';

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const catalogue = readCatalogue(read('../../../catalogue/data/catalogue.json'));
const of = (market: Market): Protocol => catalogueProtocol(catalogue, market);

interface WindowVector {
  id: string;
  why: string;
  area: string;
  market: Market;
  doses: { date: string; product: string; kind: 'full' | 'touch_up' }[];
  expect: Record<string, string | number>;
}
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own vector file
const vectors = read('../testing/vectors/clinical.json') as {
  windows: WindowVector[];
  status: { window: string; on: string; expect: string }[];
};

const snake = (name: string): string =>
  name === 'nonResponseCheck' ? 'nonresponse_check' : name.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const dosesOf = (vector: WindowVector): Dose[] =>
  vector.doses.map(({ date, product, kind }) => ({
    treatedOn: calendarDate(date),
    product,
    area: vector.area,
    kind: kind === 'touch_up' ? 'touch-up' : 'full',
  }));

/** `2026-01-31 ona glabella`, `2026-02-14 ona glabella touch-up` */
function doses(...lines: string[]): Dose[] {
  return lines.map((line) => {
    const [treatedOn = '', product = '', area = '', kind = 'full'] = line.split(' ');
    return { treatedOn: calendarDate(treatedOn), product, area, kind: kind === 'full' ? 'full' : 'touch-up' };
  });
}

const lastDay = (history: readonly Dose[]): CalendarDate =>
  history
    .map(({ treatedOn }) => treatedOn)
    .toSorted()
    .at(-1) ?? calendarDate('2026-01-01');

function only(market: Market, history: readonly Dose[], on?: string): AreaForecast {
  const { areas } = forecast(history, of(market), on === undefined ? lastDay(history) : calendarDate(on));
  const [first] = areas;
  if (!first || areas.length > 1) throw new Error('one area expected');
  return first;
}

const datesOf = (area: AreaForecast): Record<DateName, CalendarDate | null> => ({
  earliest: area.earliest,
  recommendedFrom: area.recommendedFrom,
  target: area.target,
  recommendedTo: area.recommendedTo,
  lapsedAfter: area.lapsedAfter,
  reviewFrom: area.reviewFrom,
  reviewTo: area.reviewTo,
  nonResponseCheck: area.nonResponseCheck,
});

const winner = (area: AreaForecast, name: DateName) =>
  area.explanation[name].candidates.find(({ wins }) => wins);

describe('the worked windows', () => {
  it.each(vectors.windows)('$id $why', (vector) => {
    const history = dosesOf(vector);
    const area = only(vector.market, history);
    const { days_to_earliest: days, ...expected } = vector.expect;
    const found = Object.fromEntries(
      Object.entries(datesOf(area)).map(([name, date]) => [snake(name), date]),
    );
    expect(found).toEqual(expected);
    const first = history[0]?.treatedOn ?? calendarDate('2026-01-01');
    expect(area.earliest && daysBetween(first, area.earliest)).toBe(days);
  });

  it.each(vectors.status)('$window is $expect on $on', ({ window, on, expect: state }) => {
    const vector = vectors.windows.find(({ id }) => id === window);
    if (!vector) throw new Error(`no window ${window}`);
    expect(only(vector.market, dosesOf(vector), on).state).toBe(state.replaceAll('_', '-'));
  });
});

describe('dates worked by hand', () => {
  it.each([
    // market, doses, earliest, recommendedFrom, target, recommendedTo, lapsedAfter
    ['UK', ['2024-02-29 ona glabella'], '2024-05-29', '2024-05-29', '2024-06-20', '2024-07-18', '2024-11-28'],
    ['UK', ['2025-11-30 ona glabella'], '2026-03-01', '2026-03-01', '2026-03-22', '2026-04-19', '2026-08-30'],
    ['UK', ['2023-11-30 ona glabella'], '2024-03-01', '2024-03-01', '2024-03-21', '2024-04-18', '2024-08-29'],
    ['UK', ['2023-11-29 ona glabella'], '2024-02-29', '2024-02-29', '2024-03-20', '2024-04-17', '2024-08-28'],
    // 1 Feb + 3 months is 89 days in a common year: the US 90-day spacing is the later
    ['US', ['2026-02-01 ona glabella'], '2026-05-02', '2026-05-02', '2026-05-24', '2026-06-21', '2026-11-01'],
    ['UK', ['2026-02-01 ona glabella'], '2026-05-01', '2026-05-01', '2026-05-24', '2026-06-21', '2026-11-01'],
    ['US', ['2024-02-01 ona glabella'], '2024-05-01', '2024-05-01', '2024-05-23', '2024-06-20', '2024-10-31'],
    ['US', ['2026-02-28 ona glabella'], '2026-05-29', '2026-05-29', '2026-06-20', '2026-07-18', '2026-11-28'],
    ['US', ['2026-07-15 ona glabella'], '2026-10-15', '2026-10-15', '2026-11-04', '2026-12-02', '2027-04-14'],
    ['UK', ['2026-01-15 abo glabella'], '2026-04-15', '2026-04-15', '2026-05-14', '2026-06-18', '2026-10-15'],
    [
      'EU',
      ['2026-01-15 abo_rtu glabella'],
      '2026-04-15',
      '2026-04-15',
      '2026-05-14',
      '2026-06-18',
      '2026-10-15',
    ],
    [
      'CH',
      ['2026-01-15 rela lateral_canthal'],
      '2026-04-09',
      '2026-05-07',
      '2026-06-04',
      '2026-07-09',
      '2026-11-19',
    ],
    ['US', ['2026-01-15 ona platysma'], '2026-04-15', '2026-04-15', '2026-05-07', '2026-05-21', '2026-10-15'],
    // Daxxify has no EU licence: the US label's interval stands in
    [
      'EU',
      ['2026-03-01 daxi glabella'],
      '2026-06-01',
      '2026-07-19',
      '2026-08-16',
      '2026-09-13',
      '2027-02-28',
    ],
    // product switches: every dose keeps its own interval, the last full treatment sets the window
    [
      'EU',
      ['2026-01-31 ona glabella', '2026-05-02 rela glabella'],
      '2026-07-25',
      '2026-09-19',
      '2026-10-17',
      '2026-11-14',
      '2027-04-03',
    ],
    [
      'EU',
      ['2026-01-31 rela glabella', '2026-04-30 ona glabella'],
      '2026-07-30',
      '2026-07-30',
      '2026-08-20',
      '2026-09-17',
      '2027-01-28',
    ],
    // ona on 31 Jan binds until 1 May although rela came a day later with 84 days (26 Apr)
    [
      'EU',
      ['2026-01-31 ona glabella', '2026-02-01 rela glabella'],
      '2026-05-01',
      '2026-06-21',
      '2026-07-19',
      '2026-08-16',
      '2027-01-03',
    ],
    // two products the same day: the stricter interval, the longer window
    [
      'EU',
      ['2026-01-31 ona glabella', '2026-01-31 rela glabella'],
      '2026-05-01',
      '2026-06-20',
      '2026-07-18',
      '2026-08-15',
      '2027-01-02',
    ],
    // touch-ups one after another: only earliest moves, and it pushes what may not precede it
    [
      'US',
      ['2026-01-15 ona glabella', '2026-01-29 ona glabella touch-up', '2026-02-05 ona glabella touch-up'],
      '2026-05-06',
      '2026-05-06',
      '2026-05-07',
      '2026-06-04',
      '2026-10-15',
    ],
    [
      'US',
      ['2026-01-15 ona glabella', '2026-03-20 ona glabella touch-up'],
      '2026-06-20',
      '2026-06-20',
      '2026-06-20',
      '2026-06-20',
      '2026-10-15',
    ],
    [
      'US',
      ['2026-01-15 ona glabella', '2026-08-20 ona glabella touch-up'],
      '2026-11-20',
      '2026-11-20',
      '2026-11-20',
      '2026-11-20',
      '2026-11-20',
    ],
    // a touch-up before a new full treatment
    [
      'UK',
      ['2026-01-15 ona glabella', '2026-01-29 ona glabella touch-up', '2026-05-07 ona glabella'],
      '2026-08-07',
      '2026-08-07',
      '2026-08-27',
      '2026-09-24',
      '2027-02-04',
    ],
  ] as const)('%s %j', (market, lines, ...expected) => {
    const area = only(market, doses(...lines));
    expect([area.earliest, area.recommendedFrom, area.target, area.recommendedTo, area.lapsedAfter]).toEqual(
      expected,
    );
  });

  it('permits a Relfydess patient from week 12 and recommends from week 20', () => {
    const history = doses('2026-01-31 rela glabella');
    const states = [
      '2026-04-24',
      '2026-04-25',
      '2026-06-19',
      '2026-06-20',
      '2026-08-15',
      '2026-08-16',
      '2027-01-02',
      '2027-01-03',
    ];
    expect(states.map((on) => only('EU', history, on).state)).toEqual([
      'too-early',
      'permitted-early',
      'permitted-early',
      'due',
      'due',
      'past-due',
      'past-due',
      'lapsed',
    ]);
  });

  it('gives several areas of one visit their own windows, in order of their ids', () => {
    const history = doses(
      '2026-01-31 ona lateral_canthal',
      '2026-01-31 rela glabella',
      '2026-01-31 ona forehead',
    );
    const { areas } = forecast(history, of('EU'), calendarDate('2026-05-01'));
    expect(areas.map(({ area, state, earliest, target }) => [area, state, earliest, target])).toEqual([
      ['forehead', 'due', '2026-05-01', '2026-05-23'],
      ['glabella', 'permitted-early', '2026-04-25', '2026-07-18'],
      ['lateral_canthal', 'due', '2026-05-01', '2026-05-23'],
    ]);
  });

  it('has nothing to say without a history', () => {
    expect(forecast([], of('UK'), calendarDate('2026-05-01')).areas).toEqual([]);
  });
});

describe('missing figures', () => {
  it('gives no date for a product whose market names no interval, and still the review', () => {
    const area = only('CH', doses('2026-01-15 ona platysma'), '2027-01-15');
    expect(datesOf(area)).toEqual({
      earliest: null,
      recommendedFrom: null,
      target: null,
      recommendedTo: null,
      lapsedAfter: null,
      reviewFrom: '2026-01-29',
      reviewTo: '2026-02-05',
      nonResponseCheck: '2026-02-14',
    });
    expect(area.state).toBeNull();
    expect(area.explanation.earliest.missing).toEqual([
      {
        figure: 'minimum-interval',
        product: 'ona',
        reason: 'No minimum interval of ona is known for market CH.',
      },
    ]);
    expect(area.explanation.target.missing.map(({ figure }) => figure)).toEqual(['earliest']);
  });

  it('keeps earliest unknown after a switch away from such a product: its dose still has to be waited for', () => {
    const area = only('CH', doses('2026-01-15 ona glabella', '2026-04-15 rela glabella'));
    expect(area.earliest).toBeNull();
    expect(area.explanation.earliest.candidates.map(({ result, wins }) => [result, wins])).toEqual([
      ['2026-07-08', false],
    ]);
  });

  it('knows only when masseter may be treated and its target: it stays due', () => {
    const area = only('UK', doses('2026-01-15 ona masseter'), '2029-01-01');
    expect(datesOf(area)).toEqual({
      earliest: '2026-04-15',
      recommendedFrom: '2026-04-15',
      target: '2026-07-02',
      recommendedTo: null,
      lapsedAfter: null,
      reviewFrom: '2026-02-12',
      reviewTo: '2026-02-26',
      nonResponseCheck: '2026-02-14',
    });
    expect([area.state, area.onLabel, area.licensed]).toEqual(['due', false, true]);
    expect(area.explanation.recommendedTo.missing.map(({ figure }) => figure)).toEqual(['to']);
  });

  it('knows only the interval for a pair nobody described', () => {
    const area = only('UK', doses('2026-01-15 prabo forehead'), '2026-04-15');
    expect([
      area.earliest,
      area.recommendedFrom,
      area.target,
      area.recommendedTo,
      area.lapsedAfter,
      area.state,
    ]).toEqual(['2026-04-15', '2026-04-15', null, null, null, 'due']);
    expect(area.onLabel).toBe(false);
  });

  it('says that Daxxify has no licence in the EU', () => {
    const area = only('EU', doses('2026-03-01 daxi glabella'));
    expect([area.licensed, area.onLabel]).toEqual([false, false]);
    expect(winner(area, 'earliest')?.ruleId).toBe('interval/daxi/US/label');
  });

  it('bounds the next dose by touch-ups alone, and recommends nothing', () => {
    const area = only('UK', doses('2026-01-31 ona glabella touch-up'));
    expect(datesOf(area)).toMatchObject({
      earliest: '2026-05-01',
      recommendedFrom: null,
      target: null,
      reviewFrom: null,
    });
    expect([area.state, only('UK', doses('2026-01-31 ona glabella touch-up'), '2026-05-01').state]).toEqual([
      'too-early',
      null,
    ]);
    expect(area.lastFullTreatment).toBeNull();
    expect(area.explanation.target.missing.map(({ figure }) => figure)).toEqual(['full-treatment']);
  });

  it('keeps later dates in order behind the nearest date there is when a clinic drops its target', () => {
    const area = forecast(
      doses('2026-01-15 ona glabella'),
      changed({ window: { target: null, to: null } }),
      calendarDate('2026-01-15'),
    ).areas[0];
    expect(area && [area.target, area.recommendedTo, area.lapsedAfter]).toEqual([null, null, '2026-10-15']);
    expect(area?.explanation.lapsedAfter.candidates[0]?.base).toEqual({ date: 'recommendedFrom' });
  });

  it('refuses a product the catalogue does not know', () => {
    expect(() => only('UK', doses('2026-01-15 botulax glabella'))).toThrow(UnknownProduct);
  });
});

function changed(change: {
  window?: Partial<ProtocolFigures['window']>;
  touchUp?: Partial<ProtocolFigures['touchUp']>;
}): Protocol {
  const base = of('UK');
  return {
    version: 'clinic/7',
    figures(product, area) {
      const figures = base.figures(product, area);
      return {
        ...figures,
        window: { ...figures.window, ...change.window },
        touchUp: { ...figures.touchUp, ...change.touchUp },
      };
    },
  };
}

describe('a clinic’s own protocol', () => {
  it('may leave touch-ups out of the interval', () => {
    const protocol = changed({ touchUp: { countsForInterval: false } });
    const history = doses('2026-01-15 ona glabella', '2026-01-29 ona glabella touch-up');
    const [area] = forecast(history, protocol, calendarDate('2026-01-29')).areas;
    expect(area?.earliest).toBe('2026-04-15');
    const [alone] = forecast(
      doses('2026-01-29 ona glabella touch-up'),
      protocol,
      calendarDate('2026-01-29'),
    ).areas;
    expect(alone?.explanation.earliest.missing.map(({ figure }) => figure)).toEqual(['counted-dose']);
  });

  it('is named in every candidate it decided', () => {
    const { protocolVersion, areas } = forecast(
      doses('2026-01-15 ona glabella'),
      changed({}),
      calendarDate('2026-01-15'),
    );
    expect(protocolVersion).toBe('clinic/7');
    const versions = DATE_NAMES.flatMap(
      (name) => areas[0]?.explanation[name].candidates.map(({ version }) => version) ?? [],
    );
    expect(new Set(versions)).toEqual(new Set(['clinic/7', 'formula/1']));
  });
});

describe('the explanation', () => {
  it('shows both US rules for Botox and marks the one that decided', () => {
    const area = only('US', doses('2026-02-01 ona glabella'));
    expect(area.explanation.earliest).toEqual({
      date: '2026-05-02',
      candidates: [
        {
          ruleId: 'interval/ona/US/label',
          version: of('US').version,
          base: { event: 'full', treatedOn: '2026-02-01', product: 'ona', treatmentId: null },
          offsets: [{ n: 3, unit: 'month' }],
          result: '2026-05-01',
          sources: ['S02', 'S01'],
          confidence: 'label',
          wins: false,
        },
        {
          ruleId: 'interval/ona/US/manufacturer',
          version: of('US').version,
          base: { event: 'full', treatedOn: '2026-02-01', product: 'ona', treatmentId: null },
          offsets: [{ n: 90, unit: 'day' }],
          result: '2026-05-02',
          sources: ['S03'],
          confidence: 'manufacturer',
          wins: true,
        },
      ],
      missing: [],
    });
  });

  it('names the touch-up and its treatment when it decided', () => {
    const history: Dose[] = [
      {
        treatedOn: calendarDate('2026-02-02'),
        product: 'prabo',
        area: 'glabella',
        kind: 'full',
        treatmentId: 'a',
      },
      {
        treatedOn: calendarDate('2026-02-16'),
        product: 'prabo',
        area: 'glabella',
        kind: 'touch-up',
        treatmentId: 'b',
      },
    ];
    const area = only('EU', history);
    expect(area.explanation.earliest.candidates).toHaveLength(2);
    expect(winner(area, 'earliest')?.base).toEqual({
      event: 'touch-up',
      treatedOn: '2026-02-16',
      product: 'prabo',
      treatmentId: 'b',
    });
    expect(winner(area, 'recommendedFrom')?.base).toEqual({ date: 'earliest' });
    expect(winner(area, 'target')?.ruleId).toBe('window/standard/target');
  });

  it('tells the patient in plain words', () => {
    const history = doses('2026-01-15 ona glabella');
    const days = ['2026-04-14', '2026-04-15', '2026-06-05', '2026-10-16'];
    expect(days.map((on) => only('US', history, on).summary)).toEqual([
      'This area should not be treated again before 15 April 2026, and a good time to come is around 7 May 2026.',
      'Now is a good time to treat this area again, best by 4 June 2026.',
      'We would have suggested treating this area again by 4 June 2026, and you are welcome on any day.',
      'This area was last treated on 15 January 2026, so the effect has probably worn off; you are welcome on any day.',
    ]);
    expect(only('EU', doses('2026-01-31 rela glabella'), '2026-05-01').summary).toBe(
      'This area may be treated again, but we suggest waiting until 20 June 2026, and a good time to come is around 18 July 2026.',
    );
    expect(only('CH', doses('2026-01-15 ona platysma')).summary).toBe(
      'We cannot say yet when this area may be treated again, so please ask your practitioner.',
    );
  });
});

describe('the day of assessment', () => {
  it('may be the day of the treatment, not a day before, whichever area was treated last', () => {
    const history = doses('2026-01-15 ona glabella', '2026-02-01 ona forehead');
    expect(() => forecast(history, of('UK'), calendarDate('2026-02-01'))).not.toThrow();
    expect(() => forecast(history, of('UK'), calendarDate('2026-01-31'))).toThrow(AssessedBeforeTreatment);
  });
});
