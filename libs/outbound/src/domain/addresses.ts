import ipaddr from 'ipaddr.js';

/** Ranges of the special-purpose registries (RFC 6890) of which only this machine itself may be let through, for tests. */
const LOOPBACK = 'loopback';

/** What is given out to networks of the world (RFC 4291). Outside it the library knows some ranges only: `::7f00:1` is none of them. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether a request may be sent to an IP address: public ones only. IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo) counts as
 * what it is: a way to an IPv4 address that is not looked at.
 */
export function mayReach(
  address: string,
  { allowLoopback = false }: { readonly allowLoopback?: boolean } = {},
): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (allowLoopback && range === LOOPBACK) return true;
  return range === 'unicast' && (parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_V6));
}
