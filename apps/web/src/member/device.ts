/** What this device is called among others of the account: "Firefox, Windows". Browsers tell little, and that is enough. */
export function describeDevice(userAgent: string): { name: string; kind: 'browser' | 'phone' | 'tablet' | 'television' } {
  const first = (known: readonly (readonly [RegExp, string])[]): string => known.find(([sign]) => sign.test(userAgent))?.[1] ?? '';
  const name = [first(BROWSERS), first(SYSTEMS)].filter((part) => part !== '').join(', ');
  return { name, kind: kindOf(userAgent) };
}

function kindOf(userAgent: string): ReturnType<typeof describeDevice>['kind'] {
  if (/\b(?:TV|SmartTV|SMART-TV|Tizen|Web0S|BRAVIA|AFT[A-Z])/i.test(userAgent)) return 'television';
  if (/iPad|Android(?!.*Mobile)/.test(userAgent)) return 'tablet';
  return /Mobile|iPhone/.test(userAgent) ? 'phone' : 'browser';
}

/** Many call themselves Chrome or Safari as well: they come last. */
const BROWSERS = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS/, 'Firefox'],
  [/SamsungBrowser/, 'Samsung Internet'],
  [/Chrome\/|CriOS/, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const;
const SYSTEMS = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Tizen|Web0S|BRAVIA|SmartTV/i, 'TV'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/CrOS/, 'Chromebook'],
  [/Linux/, 'Linux'],
] as const;
