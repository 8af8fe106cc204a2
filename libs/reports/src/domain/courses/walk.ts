import { toEpochDay } from '#kernel';
import { isKnown, type Departure, type ReturnQuestion } from '../return-cycles.js';
import {
  emptyColumns,
  LEFT,
  NOT_OPTED_OUT,
  OPEN,
  RETURNED,
  stretch,
  type CycleColumns,
} from './cycle-columns.js';
import { unite, type Unions } from './unions.js';
import { type PackedCourses, WORDS_A_DOSE, WORDS_OF_HEAD } from './packed-courses.js';

/** What the register knows of patients beside their courses, by the patient's number. */
export interface RegisterFacts {
  readonly departures: ReadonlyMap<number, readonly Omit<Departure, 'patientId'>[]>;
  readonly unions: Unions;
}

/** The index treatment a cycle starts with, while it is looked at. */
export interface CycleStart {
  number: number;
  /** Days since 1970. */
  treatedOn: number;
  setting: number;
  /** Of the patient's first index treatment known on asOf. */
  firstTreatedOn: number;
  firstSetting: number;
}

export interface CycleGrouping {
  /** By setting: the area as a small number. */
  readonly areaOf: Uint16Array;
  readonly areas: number;
  /** By setting: its part of the group's key, or −1 where the filter passes it over. */
  readonly keyOf: Float64Array;
  /** What the key gains by the cycle itself, where a cut asks more than the setting. */
  readonly gainOf: ((start: CycleStart) => number) | null;
  /** How many keys there can be. */
  readonly keys: number;
  /** First and last treatment day, since 1970. */
  readonly from: number;
  readonly to: number;
}

export interface GroupedCycles {
  readonly columns: CycleColumns;
  /** The key of each group, in the order the groups first appeared. */
  readonly keys: readonly number[];
}

/**
 * Every index treatment's cycle as `returnCycles` tells them, straight from packed courses: doses known on asOf, those
 * of one day (and area) one start, its end the next start, the departure or asOf. A start with doses in two groups
 * stands in both. A united patient's doses count as the other's from the day the register united them.
 */
export function walkCycles(
  { words, starts }: PackedCourses,
  { departures, unions }: RegisterFacts,
  question: ReturnQuestion,
  grouping: CycleGrouping,
): GroupedCycles {
  const asOf = toEpochDay(question.asOf);
  const sameArea = question.scope === 'same-area';
  const { areaOf, keyOf, gainOf, from, to } = grouping;
  // Treatments of one chain end each other’s cycles: those of an area, or all.
  const chainOf = sameArea ? areaOf : new Uint16Array(areaOf.length);
  const { alone, united } = unite(words, starts, unions, question.asOf);
  const columns = emptyColumns(Math.ceil(words.length / WORDS_A_DOSE));
  const groupOf = groupNumbers(grouping.keys);
  const keys: number[] = [];
  let length = 0;
  let [lastKey, lastGroup] = [-1, 0];
  let [day, setting] = [new Uint32Array(1024), new Uint32Array(1024)];
  const nextOfChain = new Int32Array(Math.max(1, grouping.areas));
  const ends: number[] = [];
  const start: CycleStart = { number: 0, treatedOn: 0, setting: 0, firstTreatedOn: 0, firstSetting: 0 };

  const readDoses = (at: number, doses: number): number => {
    const head = words[at + 1] ?? 0;
    if (doses + head > day.length) [day, setting] = [grown(day, doses + head), grown(setting, doses + head)];
    let kept = doses;
    const end = at + WORDS_OF_HEAD + WORDS_A_DOSE * head;
    for (let i = at + WORDS_OF_HEAD; i < end; i += WORDS_A_DOSE) {
      const given = words[i + 1] ?? 0;
      if (given >>> 16 > asOf || (given & 0xffff) > asOf || (words[i + 2] ?? 0) >>> 16 <= asOf) continue;
      day[kept] = given >>> 16;
      setting[kept] = words[i] ?? 0;
      kept += 1;
    }
    return kept;
  };

  const addCycle = (key: number, end: number, outcome: number, optedOut: number): void => {
    let group = lastGroup;
    if (key !== lastKey) {
      group = groupOf.of(key);
      if (group === keys.length) keys.push(key);
      [lastKey, lastGroup] = [key, group];
    }
    columns.patient[length] = start.number;
    columns.treatedOn[length] = start.treatedOn;
    columns.days[length] = end - start.treatedOn;
    columns.outcome[length] = outcome;
    columns.optedOut[length] = optedOut;
    columns.group[length] = group;
    length += 1;
  };

  const addCyclesOf = (number: number, doses: number, leaving: Leaving): void => {
    if (doses === 0) return;
    const { left, optedOut } = leaving;
    start.number = number;
    start.firstTreatedOn = day[0] ?? 0;
    start.firstSetting = setting[0] ?? 0;
    nextOfChain.fill(-1);
    // Backwards, so that the next treatment of an area is known when its cycle is met.
    for (let last = doses - 1; last >= 0;) {
      const chain = chainOf[setting[last] ?? 0] ?? 0;
      let first = last;
      while (first > 0 && day[first - 1] === day[last] && chainOf[setting[first - 1] ?? 0] === chain)
        first -= 1;
      ends[first] = nextOfChain[chain] ?? 0;
      nextOfChain[chain] = day[last] ?? 0;
      last = first - 1;
    }
    for (let first = 0; first < doses;) {
      const given = day[first] ?? 0;
      const chain = chainOf[setting[first] ?? 0] ?? 0;
      let after = first + 1;
      while (after < doses && day[after] === given && chainOf[setting[after] ?? 0] === chain) after += 1;
      if (given >= from && given <= to) {
        start.treatedOn = given;
        const returnedOn = ends[first] ?? 0;
        const leftOn = left.length === 0 ? undefined : left.find((one) => one >= given);
        const returned = returnedOn >= 0 && !(leftOn !== undefined && leftOn < returnedOn);
        const end = returned ? returnedOn : (leftOn ?? asOf);
        const outcome = returned ? RETURNED : leftOn === undefined ? OPEN : LEFT;
        const wish = optedOut.length === 0 ? undefined : optedOut.find((one) => one >= given);
        const out =
          wish === undefined || wish > end || (returned && wish === end) ? NOT_OPTED_OUT : wish - given;
        const before = length;
        for (let i = first; i < after; i += 1) {
          const part = keyOf[setting[i] ?? 0] ?? -1;
          if (part < 0) continue;
          start.setting = setting[i] ?? 0;
          const key = gainOf === null ? part : part + gainOf(start);
          if (length > before && isAmong(key, before)) continue;
          addCycle(key, end, outcome, out);
        }
      }
      first = after;
    }
  };
  const isAmong = (key: number, before: number): boolean => {
    const group = groupOf.of(key);
    for (let i = before; i < length; i += 1) if (columns.group[i] === group) return true;
    return false;
  };

  for (const at of alone) {
    const number = words[at] ?? 0;
    const own = departures.get(number);
    addCyclesOf(number, readDoses(at, 0), own === undefined ? NOBODY_LEFT : leavingOf(own, question.asOf));
  }
  for (const [number, members] of united) {
    let doses = 0;
    for (const at of members) doses = readDoses(at, doses);
    inOrder(day, setting, doses, areaOf);
    const all = [...new Set([number, ...members.map((at) => words[at] ?? 0)])];
    addCyclesOf(
      number,
      doses,
      leavingOf(
        all.flatMap((one) => departures.get(one) ?? []),
        question.asOf,
      ),
    );
  }
  return { columns: stretch(columns, 0, length), keys };
}

/** Days since 1970 on which a patient died or moved away, and asked not to be contacted; ascending. */
interface Leaving {
  readonly left: readonly number[];
  readonly optedOut: readonly number[];
}
const NOBODY_LEFT: Leaving = { left: [], optedOut: [] };

function leavingOf(
  departures: readonly Omit<Departure, 'patientId'>[],
  asOf: ReturnQuestion['asOf'],
): Leaving {
  const known = departures.filter((departure) => isKnown(departure, asOf));
  const daysOf = (wishes: boolean): number[] =>
    known
      .filter(({ reason }) => (reason === 'opted-out') === wishes)
      .map(({ leftOn }) => toEpochDay(leftOn))
      .toSorted((a, b) => a - b);
  return { left: daysOf(false), optedOut: daysOf(true) };
}

/** Sorts the first doses by day, and within a day by area. */
function inOrder(day: Uint32Array, setting: Uint32Array, doses: number, areaOf: Uint16Array): void {
  const order = Array.from({ length: doses }, (_, i) => [day[i] ?? 0, setting[i] ?? 0] as const).toSorted(
    ([dayA, a], [dayB, b]) => dayA - dayB || (areaOf[a] ?? 0) - (areaOf[b] ?? 0) || a - b,
  );
  for (const [i, [givenOn, where]] of order.entries()) {
    day[i] = givenOn;
    setting[i] = where;
  }
}

/** A number for each key in the order they first appear; small keys by a table, since this is asked for every cycle. */
function groupNumbers(keys: number): { of: (key: number) => number } {
  const table = new Int32Array(Math.min(keys, TABLE)).fill(-1);
  const beyond = new Map<number, number>();
  let next = 0;
  return {
    of: (key) => {
      const known = key < table.length ? (table[key] ?? -1) : (beyond.get(key) ?? -1);
      if (known >= 0) return known;
      if (key < table.length) table[key] = next;
      else beyond.set(key, next);
      next += 1;
      return next - 1;
    },
  };
}

const TABLE = 2 ** 20;

function grown(column: Uint32Array, needed: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(needed * 2);
  larger.set(column);
  return larger;
}
