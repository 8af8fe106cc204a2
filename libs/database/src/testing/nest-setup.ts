// Loaded before any test that imports Nest: CommonJS packages that require Nest die in a cycle otherwise.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
