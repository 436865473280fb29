# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The provisioning engine behind the simulator: what the service does with a job once it runs.

expressions/      the language of attribute mappings
scoping           scoping filters
mapping           a source object through an object mapping
entitlement       who is in scope of a job
plan              what a cycle would do, without doing it
export, scim      doing it, against a real SCIM server
target, judge     that server, and who says whether what it is asked is SCIM (files target_*)
targets           what else can be written to, such as the directory of another tenant
cycle, lifecycle  a job through time: start, cycles, quarantine, restart
on_demand         the same for one object, with its steps told
"""
