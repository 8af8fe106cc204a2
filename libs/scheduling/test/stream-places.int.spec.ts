import { newId } from '#kernel';
import { describe, expect, it } from '@jest/globals';

import { TooManyStreams } from '../src/domain/scheduling.errors.js';
import { StreamPlaces } from '../src/live/stream-places.js';

describe('places for streams', () => {
  it('are five for a person, whatever the session, and twenty for each key of an integration', () => {
    const places = new StreamPlaces();
    const taken = (caller: { staffId: string; keyId?: string }): number => {
      for (let n = 0; ; n += 1) {
        try {
          places.take(caller);
        } catch (error) {
          expect(error).toBeInstanceOf(TooManyStreams);
          return n;
        }
      }
    };
    const robot = newId();
    expect([
      taken({ staffId: newId() }),
      taken({ staffId: robot, keyId: newId() }),
      taken({ staffId: robot, keyId: newId() }),
    ]).toEqual([5, 20, 20]);
  });

  it('are given back once, however often a stream says that it has ended', () => {
    const places = new StreamPlaces();
    const person = { staffId: newId() };
    const [leave] = Array.from({ length: 5 }, () => places.take(person));
    leave?.();
    leave?.();
    places.take(person);
    expect(() => places.take(person)).toThrow(TooManyStreams);
  });
});
