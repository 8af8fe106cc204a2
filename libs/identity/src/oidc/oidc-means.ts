import { Clock } from '#kernel';
import { Injectable } from '@nestjs/common';

import { Guesses } from '../guesses/guesses.js';
import { Sealing } from '../sealing.js';
import { OpenId } from './openid.js';

/** What signing in elsewhere needs beside the rows. */
@Injectable()
export class OidcMeans {
  constructor(
    readonly openId: OpenId,
    readonly guesses: Guesses,
    readonly sealing: Sealing,
    readonly clock: Clock,
  ) {}
}
