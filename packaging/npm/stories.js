#!/usr/bin/env node
'use strict';
// Runs the program of this system. install.js puts the program itself in this file's place, where it may.
const { spawnSync } = require('child_process');
const { findProgram } = require('../install.js');

let file;
try {
    file = findProgram();
} catch (error) {
    console.error(`stories: ${error.message}`);
    process.exit(1);
}
// The terminal sends these to the program as well, which decides what they do.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { });
const ended = spawnSync(file, process.argv.slice(2), { stdio: 'inherit' });
if (ended.error) {
    console.error(`stories: ${ended.error.message}`);
    process.exit(1);
}
if (ended.signal) {
    process.removeAllListeners(ended.signal);
    process.kill(process.pid, ended.signal);
}
process.exit(ended.status ?? 1);
