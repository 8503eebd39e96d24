"""The kinds of reports, each a module that lays out the sections of one."""
