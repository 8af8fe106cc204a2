import { PERMISSIONS_OF } from '#identity';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { TestApi } from './harness/test-api.js';

const REQUIRES = 'revisit:requires';
// What everyone may reach: signing in, links that came by mail, whether the service runs, a calendar whose secret address one has.
const OPEN = [
  'AccountController.askForReset',
  'AccountController.setPassword',
  'CalendarFeedsController.read',
  'HealthController.live',
  'HealthController.ready',
  'OidcController.begin',
  'OidcController.finish',
  'SessionsController.signIn',
];

describe('permissions', () => {
  let api: TestApi;
  let handlers: { name: string; requires: unknown }[];

  beforeAll(async () => {
    api = await TestApi.start();
    handlers = handlersOf(api);
  });
  afterAll(() => api.stop());

  it('are named by every handler', () => {
    expect(handlers.length).toBeGreaterThan(10);
    expect(handlers.filter(({ requires }) => requires === undefined)).toEqual([]);
  });

  it('leave only sign-in, health and calendars by their secret open to everyone', () => {
    expect(
      handlers
        .filter(({ requires }) => requires === 'anyone')
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(OPEN);
  });

  it('are held by at least one role each', () => {
    const held = new Set<unknown>(Object.values(PERMISSIONS_OF).flat());
    const asked = handlers
      .map(({ requires }) => requires)
      .filter((one) => one !== 'anyone' && one !== 'signed-in');
    expect(asked.filter((one) => !held.has(one))).toEqual([]);
  });
});

/** Every handler of every controller the application has, with the permission it names. */
function handlersOf({ app }: TestApi): { name: string; requires: unknown }[] {
  const modules = [...app.get(ModulesContainer).values()];
  const scanner = new MetadataScanner();
  return modules
    .flatMap(({ controllers }) => [...controllers.values()])
    .flatMap(({ metatype }) => {
      const prototype: unknown = metatype?.prototype;
      if (typeof prototype !== 'object' || prototype === null || !metatype) return [];
      return scanner.getAllMethodNames(prototype).flatMap((method) => {
        const handler: unknown = Reflect.get(prototype, method);
        if (typeof handler !== 'function' || Reflect.getMetadata(PATH_METADATA, handler) === undefined)
          return [];
        return [
          { name: `${metatype.name}.${method}`, requires: Reflect.getMetadata(REQUIRES, handler) as unknown },
        ];
      });
    });
}
