# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only. Mirrors module_utils/_options.py; a unit test compares the two.

from __future__ import annotations


class ModuleDocFragment:
    """The group JOB."""

    DOCUMENTATION = r"""
options:
  job_id:
    description:
      - The id of the synchronization job.
      - Neither O(job_id) nor O(template_id) is needed where the application has one job; several are an error that
        lists them.
    type: str
  template_id:
    description: The synchronization template that the job was made from.
    type: str
"""
