// Where this page stands: several districts of one company may be served below one address, each at /d/KEY/.

/** "/d/north"; '' at the root. */
export const BASE_PATH = /^\/d\/[a-z0-9-]+(?=\/|$)/.exec(globalThis.location?.pathname ?? '')?.[0] ?? ''
