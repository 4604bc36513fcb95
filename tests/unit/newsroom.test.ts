import { describe, expect, it } from "vitest";
import {
  chanceOf,
  drawReaction,
  drawVotes,
  HISTORY_MS,
  HOUR_MS,
  paceOf,
  raidedOf,
  storiesOf,
} from "../../services/standalone/demo/newsroom.ts";
import { raidOf, readersOf } from "../../services/standalone/demo/play.ts";
import { isPageTitle, isPageUrl } from "../../shared/contract/registered-page.ts";
import { judgePage } from "../../shared/moderation/judge-page.ts";
import { neighbourhoodIn } from "../../shared/votes/source.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const stories = storiesOf(NOW, "http://127.0.0.1:3000", chanceOf(7));

describe("the demo's newsroom", () => {
  it("has 200 stories in several languages, each with a title of its own", () => {
    expect(new Set(stories.map(({ page }) => page)).size).toBe(200);
    expect(new Set(stories.map(({ title }) => title)).size).toBe(200);
    for (const { title, url, published } of stories) {
      expect(isPageTitle(title) && isPageUrl(url)).toBe(true);
      expect(published).toBeLessThanOrEqual(NOW);
      expect(published).toBeGreaterThanOrEqual(NOW - HISTORY_MS);
    }
    expect(storiesOf(NOW, "http://127.0.0.1:3000", chanceOf(7))).toEqual(stories);
  });

  it("has readers who sleep at night, and leave old stories", () => {
    const story = { published: NOW - 100 * HOUR_MS, pull: 100 };
    const night = Date.UTC(2026, 10, 24, 4);
    expect(paceOf(story, night)).toBeLessThan(paceOf(story, night + 12 * HOUR_MS) / 5);
    expect(paceOf({ ...story, published: NOW }, NOW)).toBeGreaterThan(5 * paceOf(story, NOW));
    expect(paceOf({ ...story, published: NOW + 1 }, NOW)).toBe(0);
  });

  it("draws as many votes and moods as it should", () => {
    const chance = chanceOf(1);
    const draws = Array.from({ length: 2_000 }, () => drawVotes(40, chance));
    expect(draws.reduce((sum, votes) => sum + votes, 0) / draws.length).toBeCloseTo(40, 0);
    const pressed = Array.from({ length: 2_000 }, () => drawReaction([0.25, 0.75], chance));
    expect(pressed.filter((reaction) => reaction === 1).length / 2_000).toBeCloseTo(0.75, 1);
    const readers = readersOf(stories, NOW - HOUR_MS, HOUR_MS, chance);
    expect(readers.length).toBeGreaterThan(100);
    expect(readers.every(({ at }) => at >= NOW - HOUR_MS && at < NOW)).toBe(true);
    // From all over: neighbours would be taken for a crowd, and held.
    const neighbourhoods = new Set(readers.map(({ source }) => neighbourhoodIn(source)));
    expect(neighbourhoods.size).toBeGreaterThan(readers.length / 2);
  });

  it("has a raid that a moderator is told of", () => {
    const [raided] = [raidedOf(stories)];
    if (raided === undefined) throw new Error("nothing to raid");
    expect(judgePage(raidOf(raided, NOW))?.score).toBe(1);
  });
});
