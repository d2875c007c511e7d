'use strict';
const fs = require('fs');
const path = require('path');

function findSystem() {
    const cpu = process.arch;
    if (process.platform === 'darwin') return `osx-${cpu}`;
    if (process.platform === 'win32') return `win-${cpu}`;
    // npm before 9.6 knows no "libc" and installs the package for musl as well.
    return process.report.getReport().header.glibcVersionRuntime ? `linux-${cpu}` : `linux-musl-${cpu}`;
}

function findProgram() {
    const system = findSystem();
    const name = process.platform === 'win32' ? 'stories.exe' : 'stories';
    try {
        return require.resolve(`@stories-cli/${system}/bin/${name}`);
    } catch {
        throw new Error(`the package @stories-cli/${system} is not installed. Either there is none for this system, or npm was told to omit optional dependencies.`);
    }
}

module.exports = { findProgram };

// With the program in the place of the script, a command starts without Node. Windows needs the script under its name.
if (require.main === module && process.platform !== 'win32') {
    const script = path.join(__dirname, 'bin', 'stories');
    const part = `${script}.part`;
    try {
        fs.rmSync(part, { force: true });
        const program = findProgram();
        try {
            fs.linkSync(program, part);
        } catch {
            fs.copyFileSync(program, part);
            fs.chmodSync(part, 0o755);
        }
        fs.renameSync(part, script);
    } catch {
        // The script works too; only slower.
        fs.rmSync(part, { force: true });
    }
}
