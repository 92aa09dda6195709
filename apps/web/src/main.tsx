import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openDoors } from './api/doors.ts';
import { App } from './app.tsx';
import './design/fonts.css';
import './design/base.css';
import './design/components.css';
import './catalogue/catalogue.css';
import { openLanguages } from './language/language-store.ts';
import { readPageTexts } from './language/page-texts.ts';

const place = document.querySelector('#app');
if (place === null) throw new Error('index.html has no #app');
const languages = await openLanguages(window, readPageTexts(document));
createRoot(place).render(
  <StrictMode>
    <App doors={openDoors(window)} languages={languages} />
  </StrictMode>,
);
