/** As many endpoints as a clinic may have. */
export const MOST_WEBHOOKS = 20;
