import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { mayReach } from './addresses.js';

describe('an address', () => {
  it.each(['1.1.1.1', '93.184.216.34', '2606:4700::1111', '::ffff:1.1.1.1'])('is public: %s', (address) => {
    expect(mayReach(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '192.0.0.8',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '::7f00:1',
    '::a9fe:a9fe',
    '0:0:0:0:0:0:a00:1',
    '::2',
    '1fff::1',
    '4000::1',
    '5f00::1',
    '64:ff9b::7f00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:db8::1',
    'not an address',
    '',
  ])('is not for the service to reach: %s', (address) => {
    expect(mayReach(address)).toBe(false);
  });

  it('of this machine is let through where that is allowed, and nothing else with it', () => {
    expect(
      ['127.0.0.1', '::1', '::ffff:127.0.0.1'].map((one) => mayReach(one, { allowLoopback: true })),
    ).toEqual([true, true, true]);
    expect(
      ['10.0.0.1', '169.254.169.254', '0.0.0.0'].some((one) => mayReach(one, { allowLoopback: true })),
    ).toBe(false);
  });

  it('is never private, however it is written into IPv6', () => {
    const privateV4 = fc.oneof(
      fc.tuple(fc.constant(10), fc.nat(255), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(127), fc.nat(255), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(192), fc.constant(168), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constant(169), fc.constant(254), fc.nat(255), fc.nat(255)),
    );
    fc.assert(
      fc.property(privateV4, (bytes) => {
        const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
        const low = `${hex.slice(0, 4)}:${hex.slice(4)}`;
        for (const written of [
          bytes.join('.'),
          `::ffff:${bytes.join('.')}`,
          `::ffff:${low}`,
          `::${bytes.join('.')}`,
          `::${low}`,
          `64:ff9b::${low}`,
          `2002:${low}::1`,
        ])
          expect(mayReach(written)).toBe(false);
      }),
    );
  });
});
