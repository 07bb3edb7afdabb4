import type { AnswerLabel } from '../../events/event.ts';
import type { Random } from '../../events/random.ts';
import { normalSample } from '../statistics/beta-sample.ts';

/**
 * A population's error model: agents that are no models, whose chances of being right, tastes and biases are stated. What
 * they do together is decided by the real engine, so that a change of its rules shows in its figures.
 */
export interface Member {
  id: string;
  /** What it would answer by itself, and how good that is. */
  draft(question: SimulatedQuestion, random: Random): Draft;
  /** How good it finds an answer that it sees; it ranks by this. */
  appeal(seen: SeenAnswer, random: Random): number;
  /** Chance that it hands in a better answer instead of a ballot, where it still may. */
  refines: number;
  /** Milliseconds of one turn. */
  workMs: (random: Random) => number;
}

/** Drawn anew for every run; the same for all members. */
export interface SimulatedQuestion {
  /** Standard normal; what is above 0 is easier than usual, for everybody. */
  ease: number;
}

export interface Draft {
  /** What the answer comes to: equal values are the same answer. `right` is right. */
  value: string;
  /** Higher is better; what a perfect judge would rank by. */
  quality: number;
}

export interface SeenAnswer extends Draft {
  label: AnswerLabel;
  isOwn: boolean;
  /** Its place among those that the member was shown, from 0. */
  place: number;
  /** It comes to the same as the member's own answer. */
  agreesWithOwn: boolean;
  /** How many of the answers shown come to the same. */
  sameValue: number;
  /** Ballots for it so far. Nobody in a real run is told; for populations that look over each other's shoulders. */
  votes: number;
}

export const RIGHT = 'right';

/** What a member is like, besides what it does not say. */
export interface Traits {
  /** Added to what it thinks of its own answer, in standard deviations of quality. */
  selfBias?: number;
  /** Added to what it is shown first. */
  firstBias?: number;
  /** Added for each ballot that an answer has already. */
  herding?: number;
  /** Of how it sees quality. */
  noise?: number;
  refines?: number;
}

/**
 * Answers of a quality that is normally distributed, seen through noise: for what voting rules and biases do. The best
 * answer of a run is the right one.
 */
export function tasteMember(id: string, traits: Traits = {}): Member {
  const { selfBias = 0, firstBias = 0, herding = 0, noise = 1, refines = 0 } = traits;
  return {
    id,
    refines,
    workMs: (random) => 1000 + random.next() * 100,
    draft: (_, random) => ({ value: id, quality: normalSample(random) }),
    appeal: ({ quality, isOwn, place, votes }, random) =>
      quality + noise * normalSample(random) + (isOwn ? selfBias : 0) + (place === 0 ? firstBias : 0) + herding * votes,
  };
}

/** How much questions differ, and how wrong answers are spread: one that most who err come to, and a few others. */
const SPREAD = 0.265;
const SHARED_ERROR = 0.6;
const OTHER_ERRORS = 4;

/**
 * Answers that are right or wrong. The chance to be right is `skill` on a usual question, more on an easy and less on a
 * hard one, and never below 0 or above 1. It votes for what most answers say, its own among equals.
 */
export function solverMember(id: string, skill: number): Member {
  return {
    id,
    refines: 0,
    workMs: (random) => 1000 + random.next() * 100,
    draft({ ease }, random) {
      if (random.next() < skill + SPREAD * ease) return { value: RIGHT, quality: 1 };
      const value = random.next() < SHARED_ERROR ? 'shared' : `other ${random.int(OTHER_ERRORS)}`;
      return { value, quality: 0 };
    },
    appeal: ({ sameValue, isOwn }, random) => sameValue + (isOwn ? 0.5 : 0) + random.next() * 0.25,
  };
}

/**
 * Errs as a `solverMember` does, and stands by what it came to: its ballot is for the first answer that it is shown that comes
 * to the same as its own. So ballots are independent samples, as where one model is asked many times.
 */
export function samplerMember(id: string, skill: number): Member {
  return {
    ...solverMember(id, skill),
    // When it votes says nothing about how.
    workMs: (random) => 1000 + random.next() * 60_000,
    appeal: ({ agreesWithOwn, place }) => (agreesWithOwn ? 1_000 : 0) - place,
  };
}
