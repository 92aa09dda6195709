import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openDoors } from './api/doors.ts';
import { App } from './app.tsx';
import { openUploads } from './upload/open-queue.ts';
import './design/fonts.css';
import './design/base.css';
import './design/console.css';

const place = document.querySelector('#app');
if (place === null) throw new Error('index.html has no #app');
const doors = openDoors(window);
createRoot(place).render(
  <StrictMode>
    <App doors={doors} uploads={openUploads(doors, window)} />
  </StrictMode>,
);
