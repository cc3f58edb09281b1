// Loaded into Playwright's driver by NODE_OPTIONS: its scripts call what Chromium knows from 105 on.
"use strict";

const { prototype } = require("module");

const compile = prototype._compile;
prototype._compile = function (code, ...more) {
  const known = "element.checkVisibility()";
  return compile.call(this, code.split(known).join(`(!element.checkVisibility || ${known})`), ...more);
};
