import { isId, newId } from '#kernel';
import { Injectable } from '@nestjs/common';

import { Sealing } from '../sealing.js';

const DAY_MS = 86_400_000;
const KNOWN_FOR_MS = 180 * DAY_MS;

const sealedFor = (email: string): string => `known-device ${email}`;

/**
 * Tells devices on which somebody has signed in from all others, after OWASP's device cookies. What a device shows is sealed
 * and bound to the address signed in with: nobody can make one, and another account's is none. It opens nothing by itself.
 */
@Injectable()
export class KnownDevices {
  constructor(private readonly sealing: Sealing) {}

  /** The device a token was given to; null when it is over, another account's, or no token. */
  deviceOf(token: string | undefined, email: string, now: Date): string | null {
    if (token === undefined) return null;
    try {
      const [device = '', until = ''] = this.sealing.open(token, sealedFor(email)).split(' ');
      return isId(device) && Number(until) > now.getTime() ? device : null;
    } catch {
      // What cannot be opened was not sealed here: a stranger's, which is not worth a refusal.
      return null;
    }
  }

  /** For a device where somebody has just signed in, known already or not; null when the service has no key to seal with. */
  tokenFor(device: string | null, email: string, now: Date): string | null {
    if (!this.sealing.isSetUp) return null;
    const until = now.getTime() + KNOWN_FOR_MS;
    return this.sealing.seal(`${device ?? newId(now.getTime())} ${until}`, sealedFor(email));
  }
}
