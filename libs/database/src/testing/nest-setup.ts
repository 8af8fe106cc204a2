// Loaded before any test that imports Nest: CommonJS packages that require Nest die in a cycle otherwise.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
import { Logger } from '@nestjs/common';

// What the code under test logs is not part of the report; TEST_LOG_LEVEL shows it.
if (process.env['TEST_LOG_LEVEL'] === undefined) Logger.overrideLogger(false);
