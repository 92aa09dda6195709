import { randomId } from '../api/random-id.ts';
import { describeDevice } from './device.ts';
import { createMemberSession, type MemberSession } from './session.ts';
import { createSessionDoor } from './session-door.ts';

const MARK = 'bioscope:member';
const DEVICE = 'bioscope:device';
const LOCK = 'bioscope:refresh';

/** The session of this browser, which all its tabs share. */
export function openSession(window: Window & typeof globalThis): MemberSession {
  const { localStorage, navigator } = window;
  const session = createMemberSession({
    askDoor: createSessionDoor((url, init) => window.fetch(url, init)),
    nowMs: Date.now,
    // Pages without https have no locks; then identity answers the slower of two tabs like the faster one.
    exclusively: (run) => ('locks' in navigator ? navigator.locks.request(LOCK, run) : run()),
    mark: {
      read: () => localStorage.getItem(MARK),
      write(mark) {
        if (mark === null) localStorage.removeItem(MARK);
        else if (localStorage.getItem(MARK) !== mark) localStorage.setItem(MARK, mark);
      },
    },
    device: { id: deviceId(localStorage), ...describeDevice(navigator.userAgent) },
  });
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === MARK) session.changedElsewhere(newValue);
  });
  return session;
}

function deviceId(storage: Storage): string {
  const kept = storage.getItem(DEVICE);
  if (kept !== null && /^[A-Za-z0-9_-]{8,64}$/.test(kept)) return kept;
  const fresh = randomId();
  storage.setItem(DEVICE, fresh);
  return fresh;
}
