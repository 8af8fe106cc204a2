import type { LookupAddress, LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

import { AddressRefused } from './outbound.errors.js';

/** As `dns.lookup` answers when it is asked for all addresses. */
export type Resolve = (
  host: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/**
 * Resolves a name once, at the moment of connecting, and hands the connection only addresses that may be reached; one that
 * may not among them spoils them all.
 */
export const pinnedLookup =
  (resolve: Resolve, mayReach: (address: string) => boolean): LookupFunction =>
  (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      const [first] = found;
      if (!first || !found.every(({ address }) => mayReach(address))) return done(new AddressRefused(), []);
      return options.all ? done(null, found) : done(null, first.address, first.family);
    });
  };
