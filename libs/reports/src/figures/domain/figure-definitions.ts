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
    `both days included. Patients who died or moved away before the window closed are left out.`,
  rebooking: ({ from, to, asOf }: Period): string =>
    `Of the days from ${from} to ${to} on which a patient had a signed full treatment (known on ${asOf}), those by whose ` +
    `end, by the clock of the location, a treatment visit of the patient after that day was booked and not cancelled.`,
  retention: ({ from, to, asOf }: Period): string =>
    `Of the patients with a full treatment from ${from} to ${to}, those with another after ${to}, up to and with ${asOf}. ` +
    `Patients who died or moved away count as not retained.`,
  reviews: ({ from, to, asOf }: Period): string =>
    `Of the reviews that were to be done by a day from ${from} to ${to} and before ${asOf}, not waived and of treatments ` +
    `that stood, those completed by ${asOf}.`,
  noShow: ({ from, to, asOf }: Period): string =>
    `Of the visits from ${from} to ${to} that began by the end of ${asOf} and were, by then, noted as attended or missed, ` +
    `those missed. Visits nobody has noted anything of, and cancelled ones, are in neither number.`,
  lateCancel: ({ from, to, asOf }: Period): string =>
    `Of the visits from ${from} to ${to} that began by the end of ${asOf} and were attended, missed or cancelled late (by ` +
    `the clinic’s notice), as noted by then, those cancelled late. Visits cancelled in time are in neither number.`,
  utilisation: ({ from, to, asOf }: Period): string =>
    `Of the minutes practitioners could be booked from ${from} to ${to} (weekly and extra hours less absences, within ` +
    `opening hours, as set up now), the minutes taken by visits with their buffers that held their time on ${asOf}; two ` +
    `visits at once count once, and time outside working hours does not count.`,
  funnelContacted: ({ from, to, asOf }: Period): string =>
    `Of the repeat-visit windows that opened from ${from} to ${to} and by ${asOf}, those whose patient was contacted about ` +
    `coming back since the window was issued.`,
  funnelBooked: ({ from, to, asOf }: Period): string =>
    `Of the repeat-visit windows that opened from ${from} to ${to} and by ${asOf}, those for which, by then, a treatment ` +
    `visit (of the area, or of no stated one) was booked after the window was issued for a day on or after earliest, or ` +
    `whose patient came.`,
  funnelAttended: ({ from, to, asOf }: Period): string =>
    `Of the repeat-visit windows that opened from ${from} to ${to} and by ${asOf} and were booked, those whose patient had ` +
    `a next full treatment of the area by ${asOf}.`,
} as const;
