import { expect, test } from "vitest";
import { problem, problemResponse } from "./errors.ts";

const fault = { code: "too-many-nonces", message: "too many requests within 300 s" } as const;

test("an error has one shape", async () => {
  const response = problemResponse(429, fault, { remedy: "send fewer", retryAfter: 7 });
  expect(response.status).toBe(429);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("retry-after")).toBe("7");
  expect(response.headers.get("connection")).toBeNull();
  expect(await response.json()).toEqual({
    type: "about:blank",
    title: "Too Many Requests",
    status: 429,
    detail: "too many requests within 300 s",
    code: "too-many-nonces",
    remedy: "send fewer",
  });
});

test("what is not said is not there", () => {
  expect(Object.keys(problem(400, fault))).toEqual(["type", "title", "status", "detail", "code"]);
});

test("closes the connection where a body was left unread", () => {
  expect(problemResponse(413, fault, { closeConnection: true }).headers.get("connection")).toBe("close");
});
