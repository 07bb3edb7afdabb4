#!/bin/sh
cp -r notes backup
