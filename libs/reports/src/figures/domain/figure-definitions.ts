import type { CalendarDate } from '#kernel';

export interface Period {
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly asOf: CalendarDate;
}

/** What each figure of the clinic says, printed beside it. */
export const figureSays = {
  inWindow: ({ from, to, asOf }: Period): string =>
    `Of the repeat-visit windows that closed from ${from} to ${to} and before ${asOf}, as last issued by then for ` +
    `treatments that stood, those whose patient had a next full treatment of the area within recommended from and to, ` +
    `both days included. Patients who died or moved away before the window closed are left out; who asked not to be ` +
    `contacted is not.`,
  rebooking: ({ from, to, asOf }: Period): string =>
    `Of the days from ${from} to ${to} on which a patient had a signed full treatment (known on ${asOf}), those by whose ` +
    `end, by the clock of the location, a treatment visit of the patient after that day was booked and not cancelled.`,
  retention: ({ from, to, asOf }: Period): string =>
    `Of the patients with a full treatment from ${from} to ${to}, those with another after ${to}, up to and with ${asOf}. ` +
    `Patients who died or moved away count as not retained.`,
  reviews: ({ from, to, asOf }: Period): string =>
    `Of the reviews that were to be done by a day from ${from} to ${to} and before ${asOf}, of treatments that stood and not ` +
    `waived by then, those completed and noted by ${asOf}.`,
  noShow: ({ from, to, asOf }: Period): string =>
    `Of the visits from ${from} to ${to} that began by the end of ${asOf} and were, by then, noted as attended or missed, ` +
    `those missed. Visits nobody has noted anything of, and cancelled ones, are in neither number.`,
  lateCancel: ({ from, to, asOf }: Period): string =>
    `Of the visits from ${from} to ${to} that began by the end of ${asOf} and were attended, missed or cancelled late (by ` +
    `the clinic’s notice), as noted by then, those cancelled late. Visits cancelled in time are in neither number.`,
  utilisation: ({ from, to, asOf }: Period): string =>
    `Of the minutes practitioners could be booked from ${from} to ${to} (weekly and extra hours less absences, within ` +
    `opening hours, as set up by the end of ${asOf}), the minutes taken by visits with their buffers that held their time on ${asOf}; two ` +
    `visits at once count once, and time outside working hours does not count.`,
  funnelContacted: (period: Period): string =>
    `${due(period)}, those whose patient was called, written to or spoken to about coming back (of the area, or of no ` +
    `stated one), or got in touch, since the window was issued; “reached” are those of them who did answer.`,
  funnelBooked: (period: Period): string =>
    `${due(period)}, those for which, by then, a treatment visit (of the area, or of no stated one) was booked after the ` +
    `window was issued for a day on or after earliest, or whose patient came.`,
  funnelAttended: (period: Period): string =>
    `${due(period)} and were booked, those whose patient had a next full treatment of the area by ${period.asOf}.`,
} as const;

const due = ({ from, to, asOf }: Period): string =>
  `Of the repeat-visit windows that opened from ${from} to ${to} and by ${asOf}, for treatments that stood and patients who ` +
  `had not come back, died or moved away before`;
