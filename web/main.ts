import { App } from './app.js';

const root = document.getElementById('page');
if (root) void new App(root).start();
