import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { NOBODY } from './api/bearer.ts';
import { openDoors } from './api/doors.ts';
import { forgetAnswers } from './api/use-remote.ts';
import { App } from './app.tsx';
import './design/fonts.css';
import './design/base.css';
import './design/components.css';
import './design/forms.css';
import './catalogue/catalogue.css';
import './browse/browse.css';
import { openLanguages } from './language/language-store.ts';
import { readPageTexts } from './language/page-texts.ts';
import { HouseProvider } from './member/member-context.tsx';
import { openSession } from './member/open-session.ts';
import { audienceOf } from './member/session.ts';
import { readSettings } from './settings.ts';
import { language } from './texts.ts';

const place = document.querySelector('#app');
if (place === null) throw new Error('index.html has no #app');
const settings = readSettings(document);
const session = openSession(window);
let audience = '';
session.subscribe(() => {
  const next = audienceOf(session.who());
  if (next !== audience) forgetAnswers();
  audience = next;
});
// At the same time: nothing of the one depends on the other.
if (settings.members === 'required') void session.open();
const languages = await openLanguages(window, readPageTexts(document));
const doors = openDoors(window, settings.members === 'required' ? session : NOBODY, language);
createRoot(place).render(
  <StrictMode>
    <HouseProvider house={{ doors, session, languages, settings }}>
      <App />
    </HouseProvider>
  </StrictMode>,
);
