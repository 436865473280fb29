# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The SDK's bodies of actions, under names that fit on a line."""

from __future__ import annotations

from msgraph.generated.application_templates.item.instantiate import instantiate_post_request_body
from msgraph.generated.directory_objects.get_by_ids import get_by_ids_post_request_body
from msgraph.generated.service_principals.item.synchronization.acquire_access_token import (
    acquire_access_token_post_request_body,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.provision_on_demand import (
    provision_on_demand_post_request_body,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.restart import restart_post_request_body
from msgraph.generated.service_principals.item.synchronization.jobs.item.schema.parse_expression import (
    parse_expression_post_request_body,
)
from msgraph.generated.service_principals.item.synchronization.jobs.item.validate_credentials import (
    validate_credentials_post_request_body,
)
from msgraph.generated.service_principals.item.synchronization.jobs.validate_credentials import (
    validate_credentials_post_request_body as validate_credentials_of_collection,
)
from msgraph.generated.service_principals.item.synchronization.secrets import secrets_put_request_body

AcquireAccessToken = acquire_access_token_post_request_body.AcquireAccessTokenPostRequestBody
GetByIds = get_by_ids_post_request_body.GetByIdsPostRequestBody
Instantiate = instantiate_post_request_body.InstantiatePostRequestBody
ParseExpression = parse_expression_post_request_body.ParseExpressionPostRequestBody
ProvisionOnDemand = provision_on_demand_post_request_body.ProvisionOnDemandPostRequestBody
Restart = restart_post_request_body.RestartPostRequestBody
Secrets = secrets_put_request_body.SecretsPutRequestBody
Validate = validate_credentials_post_request_body.ValidateCredentialsPostRequestBody
ValidateBeforeJob = validate_credentials_of_collection.ValidateCredentialsPostRequestBody
