/** Numbers on the wire between the log and its threads; both sides are of one release, so they may change. */
export const WRITE = { publish: 1, join: 2, commit: 3, leave: 4, release: 5, sweep: 6 } as const;
export const READ = { fetch: 1, lag: 2, version: 3 } as const;

/** What a notice is about. */
export const NOTICE = { published: 1, groupChanged: 2 } as const;
