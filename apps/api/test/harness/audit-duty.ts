import type { TestDatabase } from '#database/testing';
import type { FastifyInstance } from 'fastify';

/** A request that was granted. */
interface Granted {
  readonly requestId: string;
  /** As in `GET /v1/patients/:id`. */
  readonly route: string;
}

/** Lists that say something of many patients, or of who saw them: they leave a row though they ask by no patient's id. */
const LISTS_THAT_LEAVE_ONE =
  'adverse-events|audit-anchor|audit-events|clinical-tasks|repeat-visits/due\\.csv|stock/expiring';

/** What leaves no row, and why; whatever is not named here or below leaves one that names the patient. */
const LEAVES_NOTHING: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(`^GET (?!/v1/(${LISTS_THAT_LEAVE_ONE})$)[^:]*$`),
    'a list or a setting, read by no id of a patient’s',
  ],
  [/^(GET|HEAD) \/(health|docs|calendar)/, 'open to all, tells of no patient'],
  [
    /^GET \/v1\/(catalogue|protocols|consent-texts|staff-members|webhooks|lots|lot-recalls|vials|reports|repeat-visits\/recomputes|treatment-templates|practitioners|group-moves)\//,
    'of the clinic, not of a patient',
  ],
  [/^POST \/v1\/repeat-visits\/forecast$/, 'computes for nobody, keeps nothing'],
  [/^POST \/v1\/protocols\/:product\/:area\/preview$/, 'shows the figures of a protocol that is not kept'],
  [/^POST \/v1\/series\/preview$/, 'keeps nothing'],
  [/^OPTIONS /, 'asks what a page may ask'],
  [
    /^(DELETE \/v1\/holds\/:id|PATCH \/v1\/clinic\/settings|PUT \/v1\/repeat-visits\/personal-interval|POST \/v1\/group-moves\/:id\/apply)$/,
    'asked a second time it changes nothing',
  ],
  [
    /^POST \/v1\/password-resets$/,
    'answers alike whether there is such an account; the mail’s job leaves the row',
  ],
  [/^POST \/v1\/sessions\/oidc\/begin$/, 'nobody is known yet'],
];

/** What leaves a row that names no patient: of the clinic, its staff, its stock, or of many at once. */
const OF_NO_PATIENT =
  /^(POST|PUT|PATCH|DELETE) \/v1\/(api-keys|appointment-types|calendar-feeds|charting-policy|clinic|consent-texts|emergency-access\/settings|group-moves|identity-provider|locations|lot-recalls\/:id\/close|lots|passwords|practitioners|privacy-settings|profile|protocols|repeat-visits\/(message-templates|personal-interval|recomputes)|reports|retention|rooms|second-factor|sessions|sign-in-policy|staff-members|stock|treatment-templates|vials\/(open|:id\/(discard|waste|corrections))|webhooks|erased-patients)|^GET \/v1\/repeat-visits\/message-batches\//;

/** Of many at once. */
const OF_MANY = new RegExp(`^GET /v1/(${LISTS_THAT_LEAVE_ONE})$`);

/** Notes what a service granted and says what left no row in the audit trail, of all routes a test happens to call. */
export class AuditDuty {
  readonly #granted: Granted[] = [];

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onResponse', (request, reply, done) => {
      const replayed = reply.getHeader('idempotency-replayed') !== undefined;
      if (reply.statusCode < 300 && !replayed)
        this.#granted.push({
          requestId: request.id,
          route: `${request.method} ${request.routeOptions.url ?? ''}`,
        });
      done();
    });
  }

  /** `GET /v1/patients/:id: no row`, once a route. */
  async neglected({ admin }: TestDatabase): Promise<string[]> {
    const { rows } = await admin.query<{ requestId: string; named: boolean }>(
      `SELECT request_id AS "requestId", bool_or(patient_id IS NOT NULL) AS named
         FROM audit_event WHERE request_id IS NOT NULL GROUP BY request_id`,
    );
    const named = new Map(rows.map((row) => [row.requestId, row.named]));
    const neglected = this.#granted.flatMap(({ requestId, route }) => {
      if (LEAVES_NOTHING.some(([pattern]) => pattern.test(route))) return [];
      const row = named.get(requestId);
      if (row === undefined) return [`${route}: no row`];
      return row || OF_NO_PATIENT.test(route) || OF_MANY.test(route)
        ? []
        : [`${route}: a row that names no patient`];
    });
    return [...new Set(neglected)].toSorted((one, other) => one.localeCompare(other));
  }
}
