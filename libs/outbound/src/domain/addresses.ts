import ipaddr from 'ipaddr.js';

/** Ranges of the special-purpose registries (RFC 6890) of which only this machine itself may be let through, for tests. */
const LOOPBACK = 'loopback';

/**
 * Whether a request may be sent to an IP address: public ones only. IPv4 inside IPv6 (mapped, NAT64, 6to4, Teredo) counts as
 * what it is: a way to an IPv4 address that is not looked at.
 */
export function mayReach(
  address: string,
  { allowLoopback = false }: { readonly allowLoopback?: boolean } = {},
): boolean {
  if (!ipaddr.isValid(address)) return false;
  const range = ipaddr.process(address).range();
  return range === 'unicast' || (allowLoopback && range === LOOPBACK);
}
