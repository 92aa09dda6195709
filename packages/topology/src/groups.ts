/** The process groups of a zone (units by the names under which they call each other), so that a fault in one leaves the others standing. */
export const GROUPS = {
  /** The front door, and nothing that a request could wait for. */
  edge: ['gateway'],
  /** What a playing film needs: it must not share a fate with browsing. */
  play: ['playback', 'access', 'steering', 'control'],
  browse: ['graph', 'catalog', 'home', 'strings', 'identity', 'plans', 'membership', 'web', 'console'],
  /** Work that nobody waits for in front of a screen, and the registries that others outlive. */
  offline: ['studio', 'billing', 'mail', 'registry', 'regions'],
} as const;

export type GroupName = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as readonly GroupName[];
