// The pages that are looked at one by one; the threads walk through the rest.

/** What a newcomer meets first. */
export const firstPages = ['/'];
