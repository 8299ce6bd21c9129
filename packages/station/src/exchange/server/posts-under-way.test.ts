import { expect, it } from "vitest";
import { PostsUnderWay } from "./posts-under-way.ts";

const LIMITS = { perToken: 2, bytesPerToken: 100, bytes: 150 };

it("puts a token off by what it has under way itself, and lets it in again afterwards", () => {
  const posts = new PostsUnderWay(LIMITS);
  const first = posts.enter("ann", 60);
  expect(posts.enter("ann", 41)).toEqual({ full: "token" });
  const second = posts.enter("ann", 40);
  expect(posts.enter("ann", 0)).toEqual({ full: "token" });
  expect(posts.enter("bob", 50)).toHaveProperty("leave");
  if ("leave" in first) first.leave();
  expect(posts.enter("ann", 60)).toHaveProperty("leave");
  expect(second).toHaveProperty("leave");
});

it("puts all off where all together have too much under way; one alone may be as large as it is allowed to be", () => {
  const posts = new PostsUnderWay(LIMITS);
  const large = posts.enter("ann", 400);
  expect(large).toHaveProperty("leave");
  expect(posts.enter("bob", 1)).toEqual({ full: "server" });
  if ("leave" in large) large.leave();
  expect(posts.enter("bob", 100)).toHaveProperty("leave");
  expect(posts.enter("cem", 51)).toEqual({ full: "server" });
  expect(posts.enter("cem", 50)).toHaveProperty("leave");
});
