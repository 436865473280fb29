# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# PRIVATE: for use inside this collection only. Mirrors module_utils/_schema_options.py; a unit test compares the two.

from __future__ import annotations


class ModuleDocFragment:
    """The group MAPPINGS."""

    DOCUMENTATION = r"""
options:
  object_mappings:
    description:
      - The object mappings to change, in shorthand. What is not named stays as it is, byte for byte.
      - An object mapping is found by its source and target object. Where there is none and both objects exist in the
        directories, it is made.
    type: list
    elements: dict
    suboptions:
      rule:
        description: The name of the synchronization rule, needed only where several rules map the same objects.
        type: str
      source:
        description: The source object, such as V(User).
        type: str
        required: true
      target:
        description: The target object, needed only where the source object is mapped to several.
        type: str
      name:
        description: The name that the portal shows.
        type: str
      enabled:
        description: Whether the object mapping takes part in cycles.
        type: bool
      flow_types:
        description: What it may do in the target, exactly. The portal calls it target object actions.
        type: list
        elements: str
        choices: [Add, Update, Delete]
      attributes:
        description:
          - The attribute mappings to change. They are found by their target attribute; what an entry does not say
            stays as it is.
          - The service keeps several mappings of one target attribute. What is listed for one is exact for it.
        type: list
        elements: dict
        suboptions:
          target:
            description: The target attribute.
            type: str
            required: true
          attribute:
            description: The source attribute whose value flows. The portal calls it direct.
            type: str
          constant:
            description: The value for everybody.
            type: str
          expression:
            description:
              - An expression, as the portal shows it. Attributes are in brackets, texts in quotation marks.
              - What contains a function is parsed by the service before anything is written.
            type: str
          default_only:
            description: With V(true) nothing flows but the default. The portal calls it none.
            type: bool
          default:
            description:
              - The value where the source has none. The service uses it on create only. An empty text removes it.
            type: str
          matching_priority:
            description:
              - The place of the attribute among those that accounts are matched by, the lowest first. V(0) takes it
                out.
            type: int
          apply:
            description:
              - When the mapping applies. The portal offers V(always) and V(on_create), which is only during the
                creation of an object.
            type: str
            choices: [always, on_create, multi_value_add_only, value_add_only, attribute_add_only]
          flow_behavior:
            description: Whether the value is sent when it has changed, or with every update.
            type: str
            choices: [when_changed, always]
          state:
            description: Whether the target attribute is mapped.
            type: str
            choices: [present, absent]
            default: present
      purge_attributes:
        description: Whether target attributes that are not listed lose their mappings.
        type: bool
        default: false
      scope:
        description:
          - The scoping filter. An object is in scope where all clauses of any group hold. What falls out of scope is
            disabled in the target.
          - Groups that are not listed stay. An empty list removes the filter.
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the group, by which it is found. A group without a name is found by its clauses.
            type: str
          clauses:
            description: What must hold, all of it. A group that is listed has exactly these clauses.
            type: list
            elements: dict
            suboptions:
              attribute:
                description: The attribute of the source object.
                type: str
                required: true
              operator:
                description:
                  - The operator in the spelling of the service, such as V(EQUALS), V(NOT EQUALS), V(IS NULL),
                    V(IS NOT NULL), V(IS TRUE), V(IS FALSE), V(REGEX MATCH) and V(NOT REGEX MATCH).
                  - M(entra.provisioning.sync_info) lists them with V(filter_operators) in its option C(gather).
                type: str
                required: true
              values:
                description: What the attribute is compared with; nothing for operators such as V(IS NULL).
                type: list
                elements: str
                default: []
          everyone:
            description:
              - Must be V(true) for a group without clauses, which lets everybody in, whatever the other groups say.
            type: bool
            default: false
          state:
            description: Whether the group is there.
            type: str
            choices: [present, absent]
            default: present
      input_scope:
        description:
          - The filter of what is read from the source, which cloud synchronization uses. What falls out of it is not
            disabled. It is written as O(object_mappings[].scope) is.
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the group, by which it is found. A group without a name is found by its clauses.
            type: str
          clauses:
            description: What must hold, all of it. A group that is listed has exactly these clauses.
            type: list
            elements: dict
            suboptions:
              attribute:
                description: The attribute of the source object.
                type: str
                required: true
              operator:
                description:
                  - The operator in the spelling of the service, such as V(EQUALS), V(NOT EQUALS), V(IS NULL),
                    V(IS NOT NULL), V(IS TRUE), V(IS FALSE), V(REGEX MATCH) and V(NOT REGEX MATCH).
                  - M(entra.provisioning.sync_info) lists them with V(filter_operators) in its option C(gather).
                type: str
                required: true
              values:
                description: What the attribute is compared with; nothing for operators such as V(IS NULL).
                type: list
                elements: str
                default: []
          everyone:
            description:
              - Must be V(true) for a group without clauses, which lets everybody in, whatever the other groups say.
            type: bool
            default: false
          state:
            description: Whether the group is there.
            type: str
            choices: [present, absent]
            default: present
      purge_scope:
        description: Whether groups of the filters that are not listed are removed, from each filter that is given.
        type: bool
        default: false
      state:
        description: Whether the object mapping is there.
        type: str
        choices: [present, absent]
        default: present
  rules:
    description: What whole synchronization rules read from an Active Directory.
    type: list
    elements: dict
    suboptions:
      rule:
        description: The name of the rule, needed only where there are several.
        type: str
      containers:
        description:
          - The distinguished names of the organizational units that are read, exactly. An empty list reads all.
        type: list
        elements: str
      groups:
        description: The groups whose members are read, exactly. An empty list reads all.
        type: list
        elements: str
  custom_attributes:
    description: Attributes to add to the definitions of a directory, so that they can be mapped.
    type: list
    elements: dict
    suboptions:
      directory:
        description: V(source), V(target), or the name of the directory.
        type: str
        required: true
      object:
        description:
          - The object that has the attribute. It can be left out where the directory has one object.
          - An Active Directory wants the attribute on each of its objects, so there it is always added to all.
        type: str
      name:
        description: The name of the attribute, in its exact case.
        type: str
        required: true
      type:
        description: The type of its values; V(String) for a new one.
        type: str
        choices: [String, Integer, Reference, Binary, Boolean, DateTime]
      multivalued:
        description: Whether it has several values.
        type: bool
      required:
        description: Whether an object must have it.
        type: bool
      case_exact:
        description: Whether case matters in its values.
        type: bool
      flow_null_values:
        description: Whether the absence of a value flows too.
        type: bool
      mutability:
        description: Who may write it, and when; V(ReadWrite) for a new one.
        type: str
        choices: [ReadWrite, ReadOnly, Immutable, WriteOnly]
      default:
        description: The default value.
        type: str
      references:
        description: The objects that a reference may point to.
        type: list
        elements: str
      api_expressions:
        description: Where the source system keeps it, by the name of its interface. For Workday it is an XPATH.
        type: dict
      state:
        description: Whether the attribute is defined. One that is mapped cannot be removed.
        type: str
        choices: [present, absent]
        default: present
"""
