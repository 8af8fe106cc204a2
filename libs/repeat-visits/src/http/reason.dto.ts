/** Why somebody is not asked now, or what the desk should know before asking. */
export class ReasonView {
  /**
   * deceased, merged, transferred, on-hold, no-response (the clinician's pathway first), declined, snoozed,
   * do-not-contact, booked, combinable (another area is
   * booked), override-waiting, override-reached.
   */
  code!: string;

  /** First day it no longer holds; null when nobody can say. */
  until!: string | null;

  /** Facts: appointmentId, on, reason, since … */
  because!: Record<string, string | null>;

  /** It keeps the patient out of the list of people to ask. */
  suppresses!: boolean;
}
