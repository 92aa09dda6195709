import assert from 'node:assert/strict';
import type { HostClass } from '../exchange.ts';
import type { Route } from './route.ts';

export type Question = { readonly host: HostClass; readonly method: string; readonly path: string };
export type Answer =
  | { readonly kind: 'route'; readonly route: Route; readonly because: string }
  | { readonly kind: 'method'; readonly route: Route; readonly because: string }
  | { readonly kind: 'none'; readonly because: string };

export type RouteFinder = {
  /** Which route a request takes, and why. */
  explain(question: Question): Answer;
};

/** Exact paths first, then the longest prefix. A table with two routes for one place is refused. */
export function createRouteFinder(routes: readonly Route[]): RouteFinder {
  const exact = new Map<string, Route>();
  const below: { readonly host: HostClass; readonly prefix: string; readonly route: Route }[] = [];
  for (const route of routes) {
    if ('below' in route.match) {
      const prefix = route.match.below;
      assert(!below.some((entry) => entry.host === route.host && entry.prefix === prefix), `two routes below ${route.host}${prefix}`);
      below.push({ host: route.host, prefix, route });
      continue;
    }
    for (const path of route.match.exact) {
      assert(!exact.has(`${route.host}${path}`), `two routes for ${route.host}${path}`);
      exact.set(`${route.host}${path}`, route);
    }
  }
  below.sort((a, b) => b.prefix.length - a.prefix.length);

  return {
    explain({ host, method, path }) {
      const named = exact.get(`${host}${path}`);
      if (named !== undefined) return judge(named, method, `${path} is named by the route "${named.id}"`);
      const covering = below.find((entry) => entry.host === host && covers(entry.prefix, path));
      if (covering !== undefined)
        return judge(covering.route, method, `${path} lies below ${covering.prefix} of the route "${covering.route.id}"`);
      return { kind: 'none', because: `no route of "${host}" names or covers ${path}` };
    },
  };
}

function judge(route: Route, method: string, because: string): Answer {
  if (route.methods.includes(method)) return { kind: 'route', route, because };
  return { kind: 'method', route, because: `${because}, which takes ${route.methods.join(', ')}` };
}

function covers(prefix: string, path: string): boolean {
  return path.startsWith(prefix) && (prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/');
}
