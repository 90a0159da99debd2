import { render } from 'preact';
import { App } from './app.tsx';
import './page.css';

const container = document.querySelector('#app');
if (container) render(<App />, container);
