/** What the finders have found out about the line under them, and where the text begins that belongs to it. */
export let textStart: usize = 0;
/** An indicator: the line is a candidate, and the rest of it need not be read. */
export let hasHit: boolean = false;
/** The host of a URL: the line is a candidate if it may hold a path as well. */
export let hasHost: boolean = false;

export function beginLine(start: usize): void {
  textStart = start;
  hasHit = false;
  hasHost = false;
}

/** The same line in another spelling. */
export function useText(start: usize): void {
  textStart = start;
}

export function markHit(): void {
  hasHit = true;
}

export function markHost(): void {
  hasHost = true;
}
