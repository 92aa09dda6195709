import type { ExperimentResult, Outcome } from '../experiment/result.ts';
import { curveSvg } from './curve-svg.ts';
import { escapeHtml } from './escape-html.ts';
import type { GamedayReport } from './run-gameday.ts';

const OUTCOME_TEXTS: Readonly<Record<Outcome, string>> = {
  held: 'held',
  refuted: 'refuted',
  aborted: 'stopped, because it hurt',
  not_healed: 'not as it was afterwards',
  not_run: 'not run',
  leashed: 'not done, only told',
};

/** The report as one page without anything from elsewhere, to be kept with the results of a build. */
export function reportHtml({ startedAt, startedAtMs, endedAtMs, results, summary }: GamedayReport): string {
  const tiles = [
    [`${summary.passed} of ${summary.experiments}`, 'hypotheses held'],
    [String(summary.requestsFailedPerMillion), `failed requests per million, of ${summary.requests}`],
    [String(summary.stalledSessions), 'sessions that stalled too long'],
    [seconds(summary.secondsToDetect), 'at most to detect'],
    [seconds(summary.secondsToRecover), 'at most to recover'],
    [seconds(summary.secondsToEvacuateRegion), 'to evacuate a region'],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Game day ${escapeHtml(startedAt)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Game day</h1>
<p>${escapeHtml(startedAt)}, ${Math.round((endedAtMs - startedAtMs) / 1_000)} s</p>
<ul class="tiles">${tiles.map(([value = '', label = '']) => `<li><b>${escapeHtml(value)}</b> ${escapeHtml(label)}</li>`).join('')}</ul>
<table>
<thead><tr><th>experiment</th><th>outcome</th><th>noticed after</th><th>amiss for</th><th>recovered after</th><th>failed</th><th>stalled</th></tr></thead>
<tbody>${results.map(rowHtml).join('\n')}</tbody>
</table>
${results.map(sectionHtml).join('\n')}
</body>
</html>
`;
}

function rowHtml(result: ExperimentResult): string {
  const { name, outcome, detectedAfterMs, unsteadyForMs, recoveredAfterMs, counts, failuresExpected } = result;
  const cells = [
    `<a href="#${escapeHtml(name)}">${escapeHtml(name)}</a>`,
    `<span class="${outcome}">${OUTCOME_TEXTS[outcome]}</span>`,
    ...[detectedAfterMs, unsteadyForMs, recoveredAfterMs].map((ms) => seconds(ms === null ? null : ms / 1_000)),
    `${counts.requestsFailed} of ${counts.requests}${failuresExpected ? ' (expected)' : ''}`,
    String(counts.sessionsStalled),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function sectionHtml(result: ExperimentResult): string {
  const { name, hypothesis, fallback, outcome, because, targets, timeline, startedAtMs, evidence } = result;
  const moments = timeline.map(
    ({ atMs, what }) => `<li><time>${((atMs - startedAtMs) / 1_000).toFixed(1)} s</time> ${escapeHtml(what)}</li>`,
  );
  return `<section id="${escapeHtml(name)}">
<h2>${escapeHtml(name)} <span class="${outcome}">${OUTCOME_TEXTS[outcome]}</span></h2>
<p>${escapeHtml(hypothesis)}${fallback === '' ? '' : ` <i>${escapeHtml(fallback)}</i>`}</p>
${because.length === 0 ? '' : `<ul class="because">${because.map((each) => `<li>${escapeHtml(each)}</li>`).join('')}</ul>`}
${targets.length === 0 ? '' : `<p>Processes: ${escapeHtml(targets.join(', '))}</p>`}
${evidence === null ? '' : `<p>Evidence that the experiment group fared worse: at most ${evidence.toPrecision(3)}</p>`}
${curveSvg(result)}
<ol>${moments.join('')}</ol>
</section>`;
}

function seconds(value: number | null): string {
  return value === null ? '–' : `${Math.round(value * 10) / 10} s`;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: start; padding: .25rem .5rem; border-bottom: 1px solid #8884; }
.tiles { display: flex; flex-wrap: wrap; gap: 1rem; list-style: none; padding: 0; } .tiles li { border: 1px solid #8888; border-radius: .5rem; padding: .5rem 1rem; }
.tiles b { display: block; font-size: 1.5rem; }
.held { color: light-dark(#06703a, #5fd08f); } .refuted, .aborted, .not_healed { color: light-dark(#a8071a, #ff8a8a); font-weight: bold; } .not_run, .leashed { opacity: .7; }
ol { list-style: none; padding: 0; } time { display: inline-block; min-width: 4.5rem; font-variant-numeric: tabular-nums; opacity: .7; }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; }
.fault { fill: #d97706; opacity: .15; } .starts { fill: none; stroke: light-dark(#1d4ed8, #8ab4ff); stroke-width: 1.5; } .failed { fill: light-dark(#a8071a, #ff8a8a); }
`;
